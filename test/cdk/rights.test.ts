import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { statements } from './statements.ts'
import { pathOf, readable, synthesise, type Template } from './template.ts'

/** What a room's role may do, one line a resource: `GetItem Query on Tables/Notices`. */
function rightsOf(template: Template, room: string): readonly string[] {
  return statements(template)
    .filter(({ from }) => pathOf(from) === `${room}/FunctionRole/DefaultPolicy`)
    .filter(({ statement }) => statement.Effect === 'Allow')
    .flatMap(({ statement }) => {
      const actions = statement.Action.map(action => action.replace(/^dynamodb:/, '')).join(' ')
      return statement.Resource.map(resource => `${actions} on ${readable(template, resource)}`)
    })
    .filter(right => !/^logs:\S+ logs:\S+ on \w+\/FunctionLog$/.test(right))
    .sort()
}

const template = synthesise()
const change = 'BatchWriteItem GetItem PutItem Query UpdateItem on'
const put = 's3:AbortMultipartUpload s3:PutObject on'
const receive =
  'sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage'
const send = 'sqs:GetQueueAttributes sqs:GetQueueUrl sqs:SendMessage'
const ses = 'arn:partition:ses:region:accountid:'

const rights: Readonly<Record<string, readonly string[]>> = {
  Api: [
    `${change} Tables/Notices`,
    'Query on Tables/Notices/index/byState',
    'Query on Tables/Deliveries',
    `${put} AudienceBucket/Bucket/content/*`,
    `${put} AudienceBucket/Bucket/uploads/*`,
    's3:GetObject on AudienceBucket/Bucket/audiences/*',
    's3:GetObject on AudienceBucket/Bucket/content/*',
    'lambda:InvokeFunction on Dispatcher/Function',
    'ses:GetAccount on *',
  ],
  Audience: [
    `${change} Tables/Notices`,
    `${put} AudienceBucket/Bucket/audiences/*`,
    's3:GetObject on AudienceBucket/Bucket/uploads/*',
    'kms:GenerateMac on AudienceKeys/Generation1',
  ],
  Dispatcher: [
    `${change} Tables/Notices`,
    'Query on Tables/Notices/index/byState',
    's3:GetObject on AudienceBucket/Bucket/audiences/*/batches',
    `${send} on Sender/Batches/Queue`,
    'ses:GetAccount on *',
  ],
  Sender: [
    `${change} Tables/Notices`,
    `${change} Tables/Deliveries`,
    `${receive} sqs:SendMessage on Sender/Batches/Queue`,
    's3:GetObject on AudienceBucket/Bucket/audiences/*',
    's3:GetObject on AudienceBucket/Bucket/content/*',
    'kms:GenerateMac on AudienceKeys/Generation1',
    `ses:SendEmail on ${ses}configuration-set/Feedback/ConfigurationSet`,
    `ses:SendEmail on ${ses}identity/example.com`,
    `ses:SendEmail on ${ses}identity/notices@example.com`,
  ],
  Feedback: [`${change} Tables/Notices`, `${change} Tables/Deliveries`, `${receive} on Feedback/Events/Queue`],
}

describe('each room may do its work and nothing else', () => {
  it.each(Object.entries(rights))('%s', (room, expected) => {
    expect(rightsOf(template, room)).toEqual([...expected].sort())
  })

  it('and no other role has any right', () => {
    const granted = statements(template).map(({ from }) => from)
    const owners = granted.filter(({ Type }) => Type === 'AWS::IAM::Policy').map(pathOf)
    expect(new Set(owners)).toEqual(new Set(Object.keys(rights).map(room => `${room}/FunctionRole/DefaultPolicy`)))
    const managed = Object.values(template.Resources).filter(({ Properties }) => Properties['ManagedPolicyArns'])
    expect(managed.map(pathOf)).toEqual([])
    const people = Object.values(template.Resources).filter(({ Type }) =>
      /^AWS::IAM::(User|Group|AccessKey)$/.test(Type),
    )
    expect(people.map(pathOf)).toEqual([])
  })
})

/** Which right each call of the SDK needs. The rest of SQS is what Lambda's event source does in a room's name. */
const rightFor: Readonly<Record<string, readonly string[]>> = {
  GetCommand: ['dynamodb:GetItem'],
  QueryCommand: ['dynamodb:Query'],
  PutCommand: ['dynamodb:PutItem'],
  UpdateCommand: ['dynamodb:UpdateItem'],
  BatchWriteCommand: ['dynamodb:BatchWriteItem'],
  GetObjectCommand: ['s3:GetObject'],
  HeadObjectCommand: ['s3:GetObject'],
  PutObjectCommand: ['s3:PutObject'],
  CreateMultipartUploadCommand: ['s3:PutObject'],
  UploadPartCommand: ['s3:PutObject'],
  CompleteMultipartUploadCommand: ['s3:PutObject'],
  AbortMultipartUploadCommand: ['s3:AbortMultipartUpload'],
  InvokeCommand: ['lambda:InvokeFunction'],
  SendMessageBatchCommand: ['sqs:SendMessage'],
  SendEmailCommand: ['ses:SendEmail'],
  GetAccountCommand: ['ses:GetAccount'],
  GenerateMacCommand: ['kms:GenerateMac'],
}

it('the rooms call what is granted and are granted what they call', () => {
  const functions = join(import.meta.dirname, '../../functions')
  const sources = readdirSync(functions, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => readFileSync(join(functions, path), 'utf8'))
  const calls = sources.flatMap(source => [...source.matchAll(/new (\w+Command)\(/g)].map(([, call]) => call))
  const needed = calls.flatMap(call => rightFor[call ?? ''] ?? [`the right for ${call}, which is not in the list`])
  const granted = statements(template)
    .filter(({ from, statement }) => from.Type === 'AWS::IAM::Policy' && statement.Effect === 'Allow')
    .flatMap(({ statement }) => statement.Action)
    .filter(action => action === 'sqs:SendMessage' || !/^(sqs|logs):/.test(action))
  expect(new Set(granted)).toEqual(new Set(needed))
})
