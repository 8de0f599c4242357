import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Policy } from './policies.ts'
import { find, type Spoil, spoiledBy } from './spoil.ts'
import { statements } from './statements.ts'
import { goodInputs, ofType, type Resource, synthesise, type Template } from './template.ts'

const bucketSchema = z.looseObject({
  BucketEncryption: z.unknown().optional(),
  PublicAccessBlockConfiguration: z.looseObject({}).optional(),
  OwnershipControls: z.unknown().optional(),
  LifecycleConfiguration: z.looseObject({ Rules: z.array(z.looseObject({})) }).optional(),
})
const bucketsOf = (template: Template) => ofType(template, 'AWS::S3::Bucket', bucketSchema)

const bucketsAreEncrypted: Policy = template =>
  bucketsOf(template)
    .filter(
      ({ properties }) => !/"SSEAlgorithm":"(AES256|aws:kms)"/.test(JSON.stringify(properties.BucketEncryption) ?? ''),
    )
    .map(({ path }) => path)

const publicBlocks = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets']

const bucketsAreClosed: Policy = template =>
  bucketsOf(template)
    .filter(({ properties: { PublicAccessBlockConfiguration: blocks = {}, OwnershipControls: owner } }) => {
      const owned = JSON.stringify(owner)?.includes('BucketOwnerEnforced') ?? false
      return !owned || publicBlocks.some(block => blocks[block] !== true)
    })
    .map(({ path }) => path)

/** In resource policies: roles are the matter of other tests. */
const nobodyElseIsAllowed: Policy = template =>
  statements(template)
    .filter(({ statement }) => statement.Effect === 'Allow' && statement.Principal !== undefined)
    .filter(({ statement }) => {
      const principal = JSON.stringify(statement.Principal)
      const everybody = principal === '"*"' || principal.includes(':"*"')
      return everybody || (statement.Condition === undefined && !statement.Action.includes('sts:AssumeRole'))
    })
    .map(({ from, statement }) => `${from.Metadata['aws:cdk:path']} lets ${JSON.stringify(statement.Principal)}`)

const retention = z.looseObject({ RetentionInDays: z.number().max(400).optional() })

const logsAreForgotten: Policy = template =>
  ofType(template, 'AWS::Logs::LogGroup', retention)
    .filter(({ properties }) => properties.RetentionInDays === undefined)
    .map(({ path }) => path)

const loggingSchema = z.looseObject({ LoggingConfig: z.looseObject({ LogGroup: z.unknown() }).optional() })

/** Lambda would make a group that keeps everything for ever. */
const functionsLogWhereTheyShould: Policy = template =>
  ofType(template, 'AWS::Lambda::Function', loggingSchema)
    .filter(({ properties }) => properties.LoggingConfig === undefined)
    .map(({ path }) => path)

const stageSchema = z.looseObject({
  AccessLogSettings: z.looseObject({ DestinationArn: z.unknown() }).optional(),
  DefaultRouteSettings: z
    .looseObject({ ThrottlingRateLimit: z.number().optional(), ThrottlingBurstLimit: z.number().optional() })
    .default({}),
})

const stagesAreBoundedAndLogged: Policy = template =>
  ofType(template, 'AWS::ApiGatewayV2::Stage', stageSchema)
    .filter(({ properties: { AccessLogSettings, DefaultRouteSettings } }) => {
      const { ThrottlingRateLimit: rate = 0, ThrottlingBurstLimit: burst = 0 } = DefaultRouteSettings
      return AccessLogSettings === undefined || rate < 1 || rate > 1_000 || burst < rate || burst > 2_000
    })
    .map(({ path }) => path)

const tableSchema = z.looseObject({
  TimeToLiveSpecification: z.looseObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
})

const deliveriesAreForgotten: Policy = template =>
  ofType(template, 'AWS::DynamoDB::Table', tableSchema)
    .filter(
      ({ path, properties }) => path === 'Tables/Deliveries' && properties.TimeToLiveSpecification?.Enabled !== true,
    )
    .map(({ path }) => path)

/** All that CloudFormation can open to the internet without anybody's identity. */
const nothingIsOpen: Policy = template => {
  const open = /^AWS::(Lambda::Url|CloudFront::.*|EC2::.*|ElasticLoadBalancingV2::.*|ApiGateway::.*|Cognito::.*)$/
  return Object.values(template.Resources)
    .filter(({ Type }) => open.test(Type))
    .map(({ Type }) => Type)
}

const at =
  (path: string, change: (resource: Resource) => void): Spoil =>
  template =>
    change(find(template, path)[1])
const without = (path: string, property: string) => at(path, ({ Properties }) => void delete Properties[property])
const setting = (path: string, property: string, value: unknown) =>
  at(path, ({ Properties }) => {
    Properties[property] = value
  })
const allowing = (Principal: unknown): Spoil =>
  setting('Feedback/Topic/Policy', 'PolicyDocument', {
    Statement: [{ Effect: 'Allow', Action: 'sns:Subscribe', Principal, Resource: '*' }],
  })

const laws: readonly (readonly [string, Policy, readonly Spoil[]])[] = [
  ['every bucket is encrypted', bucketsAreEncrypted, [without('AudienceBucket/Bucket', 'BucketEncryption')]],
  [
    'no bucket can be opened to the public',
    bucketsAreClosed,
    [
      without('AudienceBucket/Bucket', 'PublicAccessBlockConfiguration'),
      setting('AudienceBucket/AccessLog', 'PublicAccessBlockConfiguration', { BlockPublicAcls: true }),
      without('AudienceBucket/Bucket', 'OwnershipControls'),
    ],
  ],
  [
    'no queue, topic or bucket lets in anybody without a condition',
    nobodyElseIsAllowed,
    [allowing('*'), allowing({ AWS: '*' }), allowing({ Service: 'sns.amazonaws.com' })],
  ],
  ['every log has a retention', logsAreForgotten, [without('Api/AccessLog', 'RetentionInDays')]],
  ['every function writes to its own log', functionsLogWhereTheyShould, [without('Sender/Function', 'LoggingConfig')]],
  [
    'the API is throttled, and logs who calls',
    stagesAreBoundedAndLogged,
    [without('Api/Stage', 'AccessLogSettings'), without('Api/Stage', 'DefaultRouteSettings')],
  ],
  ['deliveries are forgotten', deliveriesAreForgotten, [without('Tables/Deliveries', 'TimeToLiveSpecification')]],
  [
    'nothing is open to the internet but the API',
    nothingIsOpen,
    [
      at('Alarms/Topic', resource => {
        resource.Type = 'AWS::Lambda::Url'
      }),
    ],
  ],
]

const template = synthesise()
const other = synthesise({
  ...{ alarmEmail: goodInputs.alarmEmail, hostedZoneId: 'Z1', hostedZoneName: 'example.com' },
  ...{ sandbox: 'true', lanes: '{"163.com":5}', keyGeneration: 2, region: 'eu-central-1' },
})

describe.each(laws)('%s', (_, law, spoils) => {
  it('holds', () => {
    expect([template, other].flatMap(law)).toEqual([])
  })

  it.each(spoils)('would be seen to fail', spoil => {
    expect(law(spoiledBy(template, spoil))).not.toEqual([])
  })
})

it('fates are kept for 400 days, unless it is chosen otherwise', () => {
  const schema = z.looseObject({ Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()) }) })
  const daysOf = (made: Template) =>
    ofType(made, 'AWS::Lambda::Function', schema).flatMap(
      ({ properties }) => properties.Environment.Variables['DELIVERY_RETENTION_DAYS'] ?? [],
    )
  // Of sender and feedback, which write them, and of api, which says what it costs.
  expect(daysOf(template)).toEqual(['400', '400', '400'])
  expect(daysOf(synthesise({ ...goodInputs, retentionDays: 30 }))).toEqual(['30', '30', '30'])
})
