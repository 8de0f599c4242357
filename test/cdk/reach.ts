import * as z from 'zod'
import { audienceKeys } from '../../functions/recipient/audience.ts'
import { decide, type Statement } from './iam.ts'
import { rolesOf } from './roles.ts'
import { ofType, type Template } from './template.ts'

/** A way to something that not everybody may have: any one of the actions, on any one of the places, is enough for it. */
interface Way {
  readonly to: string
  readonly by: readonly string[]
  readonly at: readonly string[]
  /** The rooms that need it. */
  readonly rooms: readonly string[]
}

const object = (key: string) => `AudienceBucket/Bucket/${key}`
const readObject = ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectAttributes', 's3:GetObjectTorrent']
const writeObject = ['s3:PutObject', 's3:ReplicateObject', 's3:RestoreObject']
const item = (verbs: string) => verbs.split(' ').map(verb => `dynamodb:${verb}`)
const readItem = item(
  'GetItem BatchGetItem Query Scan PartiQLSelect ExportTableToPointInTime CreateBackup GetRecords GetShardIterator',
)
const writeItem = item('PutItem UpdateItem BatchWriteItem PartiQLInsert PartiQLUpdate ImportTable StartBulkPutItems')
const loseItems = item('DeleteItem PartiQLDelete DeleteTable UpdateTable UpdateTimeToLive RestoreTableToPointInTime')
const table = (name: string) => [`Tables/${name}`, `Tables/${name}/index/byState`]
const receive = ['sqs:ReceiveMessage', 'sqs:StartMessageMoveTask']
const queues = (...names: readonly string[]) => names.map(name => `Sender/${name}`)

/** What promises 1, 2 and 7 ask of IAM. Facts of the sender and of SES's events lie in one table, which IAM cannot tell apart. */
const ways: readonly Way[] = [
  { to: 'read an upload', by: readObject, at: [object(audienceKeys.upload('n', 'a'))], rooms: ['Audience'] },
  {
    to: 'read addresses in an indexed audience',
    by: readObject,
    at: [audienceKeys.recipients('a'), audienceKeys.refusedRows('a'), 'audiences/a/whatever'].map(object),
    rooms: ['Api', 'Sender'],
  },
  {
    to: 'read where the batches of an audience lie',
    by: readObject,
    at: [object(audienceKeys.batches('a'))],
    rooms: ['Api', 'Dispatcher', 'Sender'],
  },
  { to: 'read a content', by: readObject, at: [object('content/c')], rooms: ['Api', 'Sender'] },
  { to: 'read anything else', by: readObject, at: [object('x'), object('uploads')], rooms: [] },
  { to: 'list objects', by: ['s3:ListBucket', 's3:ListBucketVersions'], at: ['AudienceBucket/Bucket'], rooms: [] },
  { to: 'write an upload', by: writeObject, at: [object(audienceKeys.upload('n', 'a'))], rooms: ['Api'] },
  { to: 'write an index', by: writeObject, at: [object(audienceKeys.batches('a'))], rooms: ['Audience'] },
  { to: 'write a content', by: writeObject, at: [object('content/c')], rooms: ['Api'] },
  {
    to: 'delete objects, or open the bucket',
    by: ['s3:DeleteObject', 's3:PutObjectAcl', 's3:PutBucketPolicy', 's3:PutLifecycleConfiguration', 's3:DeleteBucket'],
    at: ['AudienceBucket/Bucket', object('uploads/n/a'), object('audiences/a/batches'), object('content/c')],
    rooms: [],
  },
  { to: 'write facts about deliveries', by: writeItem, at: table('Deliveries'), rooms: ['Feedback', 'Sender'] },
  { to: 'read deliveries', by: readItem, at: table('Deliveries'), rooms: ['Api', 'Feedback', 'Sender'] },
  { to: 'lose what is recorded', by: loseItems, at: [...table('Deliveries'), ...table('Notices')], rooms: [] },
  {
    to: 'copy a table whole',
    by: item('Scan PartiQLSelect ExportTableToPointInTime CreateBackup GetRecords'),
    at: [...table('Deliveries'), ...table('Notices')],
    rooms: [],
  },
  { to: "read SES's events, which hold addresses", by: receive, at: ['Feedback/Events/Queue'], rooms: ['Feedback'] },
  { to: 'read dead events', by: receive, at: ['Feedback/Events/DeadLetters'], rooms: [] },
  { to: "write SES's events", by: ['sqs:SendMessage'], at: ['Feedback/Events/Queue'], rooms: [] },
  {
    to: "listen to SES's events, or make them up",
    by: ['sns:Subscribe', 'sns:Publish', 'sns:AddPermission', 'sns:SetTopicAttributes'],
    at: ['Feedback/Topic'],
    rooms: [],
  },
  { to: 'take pointers', by: receive, at: queues('Batches/Queue', 'LaneBatches/Queue'), rooms: ['Sender'] },
  {
    to: 'queue pointers',
    by: ['sqs:SendMessage'],
    at: queues('Batches/Queue', 'LaneBatches/Queue'),
    rooms: ['Dispatcher', 'Sender'],
  },
  {
    to: 'call another room',
    by: ['lambda:InvokeFunction'],
    at: ['Api', 'Audience', 'Feedback', 'Sender'].map(room => `${room}/Function`),
    rooms: [],
  },
  { to: 'wake the dispatcher', by: ['lambda:InvokeFunction'], at: ['Dispatcher/Function'], rooms: ['Api'] },
  {
    to: 'change what runs, or become somebody else',
    by: [
      ...['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'lambda:AddPermission'],
      ...['iam:PassRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:CreateAccessKey', 'sts:AssumeRole'],
    ],
    at: ['*', 'Sender/Function', 'Sender/FunctionRole'],
    rooms: [],
  },
  {
    to: 'lose who did what, or look who has read what',
    by: [
      'logs:DeleteLogGroup',
      'logs:DeleteLogStream',
      'logs:PutRetentionPolicy',
      's3:DeleteObject',
      ...readObject,
      ...writeObject,
    ],
    at: ['Api/AccessLog', 'AudienceBucket/AccessLog', 'AudienceBucket/AccessLog/x'],
    rooms: [],
  },
  {
    to: 'read a log',
    by: ['logs:GetLogEvents', 'logs:FilterLogEvents', 'logs:StartQuery', 'logs:CreateExportTask'],
    at: ['*', 'Sender/FunctionLog', 'Api/FunctionLog', 'Api/AccessLog'],
    rooms: [],
  },
]

/** Whoever makes the MAC of an audience can test addresses against a dump of the tables, or seal a row anew. */
const waysToKey = (key: string): readonly Way[] => [
  { to: `make MACs with ${key}`, by: ['kms:GenerateMac'], at: [key], rooms: ['Audience', 'Sender'] },
  {
    to: `do anything else with ${key}`,
    by: 'VerifyMac Decrypt Encrypt Sign DescribeKey CreateGrant PutKeyPolicy DisableKey ScheduleKeyDeletion'
      .split(' ')
      .map(verb => `kms:${verb}`),
    at: [key],
    rooms: [],
  },
]

/** What may be done with the right words in the request: conditions of a permission are taken as met, those of a denial as not. */
const atMost = (statements: readonly Statement[]) =>
  statements.flatMap(({ Condition, ...statement }) =>
    Condition === undefined || statement.Effect === 'Allow' ? [statement] : [],
  )

/** Who has a way that is not theirs, and who lacks one that they need. Roles are found in the template. */
export function faultsInReach(template: Template): readonly string[] {
  const keys = ofType(template, 'AWS::KMS::Key', z.looseObject({})).map(({ path }) => path)
  const roles = rolesOf(template)
  return [...ways, ...keys.flatMap(waysToKey)].flatMap(({ to, by, at, rooms }) => {
    const needs = rooms.map(room => `${room}/FunctionRole`)
    const able = roles.filter(({ statements }) =>
      by.some(action => at.some(place => decide(atMost(statements), { action, resources: [place] }) === 'allowed')),
    )
    const paths = able.map(({ path }) => path)
    return [
      ...paths.filter(path => !needs.includes(path)).map(path => `${path} can ${to}`),
      ...needs.filter(path => !paths.includes(path)).map(path => `${path} cannot ${to}`),
    ]
  })
}
