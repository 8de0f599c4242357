import { describe, expect, it } from 'vitest'
import { find, type Spoil, spoiledBy } from './spoil.ts'
import { goodInputs, pathOf, synthesise, type Template } from './template.ts'

/**
 * What an upgrade may never replace or delete, and what would be lost. CloudFormation knows a resource by its logical id alone: one
 * that is renamed is made anew, empty, and the old one is left behind, out of the stack's sight. The id comes from the path of
 * the construct, so moving one in cdk/ changes it. Nor may these properties change, which CloudFormation can only change by making the
 * resource anew. A line is changed only together with a way for those who have deployed.
 */
interface Kept {
  readonly logicalId: string
  readonly path: string
  readonly lost: string
  /** All that makes CloudFormation replace it, as its resource reference says under "Update requires: Replacement". */
  readonly replacedBy: Readonly<Record<string, unknown>>
}

const keyed = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  LocalSecondaryIndexes: undefined,
  TableName: undefined,
  ImportSourceSpecification: undefined,
}
const kept: readonly Kept[] = [
  {
    logicalId: 'TablesNotices44D619EB',
    path: 'Tables/Notices',
    lost: 'every notice with its history and approvals, and how far each batch is: nothing could be resumed or reported',
    replacedBy: keyed,
  },
  {
    logicalId: 'TablesDeliveries21CE5B69',
    path: 'Tables/Deliveries',
    lost: 'the fate of every recipient: those who were told could be told again, and nobody could say who was',
    replacedBy: keyed,
  },
  {
    logicalId: 'AudienceBucket1EACCEFA',
    path: 'AudienceBucket/Bucket',
    lost: 'the audiences and contents of notices that are not finished: whoever is pending could not be reached',
    replacedBy: { BucketName: undefined, BucketNamePrefix: undefined, BucketNamespace: undefined },
  },
  {
    logicalId: 'AudienceBucketAccessLog00E9D87F',
    path: 'AudienceBucket/AccessLog',
    lost: 'who has read which audience: after a theft nobody could say how far it went',
    replacedBy: { BucketName: undefined, BucketNamePrefix: undefined, BucketNamespace: undefined },
  },
  {
    logicalId: 'AudienceKeysGeneration1143F96F3',
    path: 'AudienceKeys/Generation1',
    lost: 'the meaning of every recipient key: no record could be joined to an address, no audience be sent again',
    replacedBy: { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC', MultiRegion: undefined },
  },
]

/** Whether an upgrade from any version that had these keeps them all. Each fault in a line, with what would be lost. */
function faultsInKeeping(template: Template): readonly string[] {
  return kept.flatMap(({ logicalId, path, lost, replacedBy }) => {
    const resource = template.Resources[logicalId]
    if (resource === undefined || pathOf(resource) !== path)
      return [`${path} is not ${logicalId}: it would lose ${lost}`]
    const { DeletionPolicy, UpdateReplacePolicy, Properties, Type } = resource
    return [
      ...(DeletionPolicy === 'Retain' ? [] : [`${path} goes with the stack`]),
      ...(UpdateReplacePolicy === 'Retain' ? [] : [`${path} goes when it is replaced`]),
      ...(Type !== 'AWS::DynamoDB::Table' || Properties['DeletionProtectionEnabled'] === true
        ? []
        : [`${path} can be deleted by mistake`]),
      ...Object.entries(replacedBy)
        .filter(([property, value]) => JSON.stringify(Properties[property]) !== JSON.stringify(value))
        .map(([property]) => `${property} of ${path} is another: it would be replaced, which loses ${lost}`),
    ]
  })
}

const template = synthesise()
const zone = { hostedZoneId: 'Z0123456789ABCDEFGHIJ', hostedZoneName: 'example.com' }

describe('An upgrade never replaces what is kept', () => {
  it.each([
    ['as it is first deployed', {}],
    [
      'with another sender, region and alarm address',
      { sender: 'example.org', region: 'eu-central-1', alarmEmail: 'a@b.example' },
    ],
    [
      'with other numbers',
      { share: 0.5, rate: 14, retentionDays: 30, audienceRetentionDays: 7, settleDelaySeconds: 900 },
    ],
    [
      'with lanes, in the sandbox, under a name of its own',
      { lanes: '{"163.com":5}', sandbox: 'true', stackName: 'Staging' },
    ],
    ['with a hosted zone and the third key', { ...zone, keyGeneration: 3 }],
  ])('%s', (_, inputs) => {
    expect(faultsInKeeping(synthesise({ ...goodInputs, ...inputs }))).toEqual([])
  })

  it('names everything that holds something', () => {
    const stateful = /^AWS::(DynamoDB::.*Table|S3::Bucket|KMS::Key|RDS::.*|EFS::.*|SecretsManager::Secret)$/
    const held = Object.entries(template.Resources).filter(([, { Type }]) => stateful.test(Type))
    expect(held.map(([logicalId]) => logicalId).sort()).toEqual(kept.map(({ logicalId }) => logicalId).sort())
  })

  const at = (path: string, change: (resource: ReturnType<typeof find>[1]) => void): Spoil => {
    return it => change(find(it, path)[1])
  }
  const faults: readonly (readonly [string, Spoil])[] = [
    [
      'a table gets another id',
      it => {
        const [id, table] = find(it, 'Tables/Notices')
        delete it.Resources[id]
        it.Resources['TablesNotices2'] = table
      },
    ],
    [
      'two swap theirs',
      it => {
        const [[a, notices], [b, deliveries]] = [find(it, 'Tables/Notices'), find(it, 'Tables/Deliveries')]
        it.Resources[a] = deliveries
        it.Resources[b] = notices
      },
    ],
    [
      'a table has other keys',
      at('Tables/Deliveries', ({ Properties }) => {
        Properties['KeySchema'] = []
      }),
    ],
    [
      'a bucket gets a name',
      at('AudienceBucket/Bucket', ({ Properties }) => {
        Properties['BucketName'] = 'audiences'
      }),
    ],
    [
      'a table may be deleted',
      at('Tables/Notices', ({ Properties }) => {
        delete Properties['DeletionProtectionEnabled']
      }),
    ],
    [
      'a key goes with the stack',
      at('AudienceKeys/Generation1', resource => {
        delete resource.DeletionPolicy
      }),
    ],
    [
      'a bucket goes when it is replaced',
      at('AudienceBucket/Bucket', resource => {
        delete resource['UpdateReplacePolicy']
      }),
    ],
  ]
  it.each(faults)('it would be seen that %s', (_, spoil) => {
    expect(faultsInKeeping(spoiledBy(template, spoil))).not.toEqual([])
  })
})
