import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { apiRoutes } from '../../cdk/api-routes.ts'
import { audienceEnvironment } from '../../functions/audience/env.ts'
import { enoughSenders, PLANNED_SLOWEST_ANSWER_MS, sendersOfLanes } from '../../functions/pacer/concurrency.ts'
import { audienceKeys } from '../../functions/recipient/audience.ts'
import { BATCHES_PER_CALL } from '../../functions/sender/concurrency.ts'
import { LEASE_MS } from '../../functions/sender/ports.ts'
import { goodInputs, ofType, pathOf, synthesise, type Template, target } from './template.ts'

const template = synthesise()
const pathIn = (made: Template) => (value: unknown) => {
  const resource = made.Resources[target(value) ?? '']
  return resource === undefined ? undefined : pathOf(resource)
}
const pathTo = pathIn(template)

const ruleSchema = z.looseObject({
  ScheduleExpression: z.string().optional(),
  EventPattern: z.unknown().optional(),
  Targets: z.array(z.looseObject({ Arn: z.unknown() })),
})
const rules = ofType(template, 'AWS::Events::Rule', ruleSchema)

it('an upload, and no other object, calls the audience room', () => {
  const [rule] = rules.filter(({ properties }) => properties.EventPattern !== undefined)
  expect(rule?.properties.EventPattern).toEqual({
    source: ['aws.s3'],
    'detail-type': ['Object Created'],
    detail: {
      bucket: { name: [{ Ref: expect.stringMatching(/^AudienceBucket/) }] },
      object: { key: [{ prefix: audienceKeys.uploadPrefix }] },
    },
  })
  expect(rule?.properties.Targets.map(({ Arn }) => pathTo(Arn))).toEqual(['Audience/Function'])
})

it('the dispatcher runs each minute', () => {
  const [rule] = rules.filter(({ properties }) => properties.ScheduleExpression !== undefined)
  expect(rule?.properties.ScheduleExpression).toBe('rate(1 minute)')
  expect(rule?.properties.Targets.map(({ Arn }) => pathTo(Arn))).toEqual(['Dispatcher/Function'])
})

describe('as many senders run as the rate needs, and all that is reckoned with them is told so', () => {
  const sourceSchema = z.looseObject({
    BatchSize: z.number(),
    FunctionName: z.unknown(),
    EventSourceArn: z.unknown(),
    ScalingConfig: z.looseObject({ MaximumConcurrency: z.number() }),
  })
  const functionSchema = z.looseObject({ Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()) }) })

  it.each([
    { rate: 1, lanes: 0 },
    { rate: 14, lanes: 1 },
    { rate: 500, lanes: 7 },
    { rate: 1_000, lanes: 0 },
    { rate: 5_000, lanes: 2 },
    { rate: 100_000, lanes: 20 },
  ])('at $rate a second with $lanes lanes', ({ rate, lanes }) => {
    const ceilings = Object.fromEntries(Array.from({ length: lanes }, (_, n) => [`p${n}.example`, 5]))
    const made = synthesise({ ...goodInputs, rate, lanes: ceilings })
    const pathTo = pathIn(made)
    const sources = ofType(made, 'AWS::Lambda::EventSourceMapping', sourceSchema).filter(
      ({ properties }) => pathTo(properties.FunctionName) === 'Sender/Function',
    )
    const senders = enoughSenders({ ratePerSecond: rate, slowestAnswerMs: PLANNED_SLOWEST_ANSWER_MS })
    expect(
      sources.map(({ properties }) => [pathTo(properties.EventSourceArn), properties.ScalingConfig.MaximumConcurrency]),
    ).toEqual([
      ['Sender/Batches/Queue', senders],
      ...(lanes === 0 ? [] : [['Sender/LaneBatches/Queue', sendersOfLanes(lanes)]]),
    ])
    expect(new Set(sources.map(({ properties }) => properties.BatchSize))).toEqual(new Set([BATCHES_PER_CALL]))
    const functions = ofType(made, 'AWS::Lambda::Function', functionSchema)
    const told = Object.fromEntries(
      functions.flatMap(({ properties }) => Object.entries(properties.Environment.Variables)),
    )
    expect(told).toMatchObject({
      SENDER_CONCURRENCY: String(senders),
      POINTERS_IN_HAND: String(senders * BATCHES_PER_CALL),
    })
  })
})

it('feedback keeps up with the rate that the stack has hands for', () => {
  const sourceSchema = z.looseObject({
    FunctionName: z.unknown(),
    ScalingConfig: z.looseObject({ MaximumConcurrency: z.number() }),
  })
  const callsAtOnce = (inputs: object) => {
    const made = synthesise({ ...goodInputs, ...inputs })
    const sources = ofType(made, 'AWS::Lambda::EventSourceMapping', sourceSchema)
    const own = sources.find(({ properties }) => target(properties.FunctionName)?.startsWith('Feedback'))
    return own?.properties.ScalingConfig.MaximumConcurrency
  }
  expect([{}, { rate: 14 }, { rate: 5_000 }].map(callsAtOnce)).toEqual([5, 5, 25])
})

it('an event of a feedback call that died comes again before a doubt has settled', () => {
  const queueSchema = z.looseObject({ VisibilityTimeout: z.number().optional() })
  const events = ofType(template, 'AWS::SQS::Queue', queueSchema).find(({ path }) => path === 'Feedback/Events/Queue')
  const functionSchema = z.looseObject({ Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()) }) })
  const sender = ofType(template, 'AWS::Lambda::Function', functionSchema).find(
    ({ path }) => path === 'Sender/Function',
  )
  const settleDelayMs = Number(sender?.properties.Environment.Variables['SETTLE_DELAY_SECONDS']) * 1000
  const visibleAgainMs = (events?.properties.VisibilityTimeout ?? Number.POSITIVE_INFINITY) * 1000
  expect(visibleAgainMs).toBeLessThan(LEASE_MS + settleDelayMs - 10_000)
})

it('what SES publishes reaches the feedback queue as it was published', () => {
  const destinationSchema = z.looseObject({ EventDestination: z.looseObject({ MatchingEventTypes: z.unknown() }) })
  const [destination] = ofType(template, 'AWS::SES::ConfigurationSetEventDestination', destinationSchema)
  expect(destination?.properties.EventDestination.MatchingEventTypes).toEqual([
    'send',
    'reject',
    'bounce',
    'complaint',
    'delivery',
    'deliveryDelay',
  ])
  const subscriptionSchema = z.looseObject({ Protocol: z.string(), Endpoint: z.unknown(), TopicArn: z.unknown() })
  const [subscription] = ofType(template, 'AWS::SNS::Subscription', subscriptionSchema).filter(
    ({ properties }) => properties.Protocol === 'sqs',
  )
  expect(subscription?.properties['RawMessageDelivery']).toBe(true)
  expect(pathTo(subscription?.properties.TopicArn)).toBe('Feedback/Topic')
  expect(pathTo(subscription?.properties.Endpoint)).toBe('Feedback/Events/Queue')
})

it('a single leak-guard rejection alarms within a minute', () => {
  const [alarm] = ofType(template, 'AWS::CloudWatch::Alarm', z.looseObject({})).filter(
    ({ path }) => path === 'Alarms/LeakGuardRejection',
  )
  expect(alarm?.properties).toMatchObject({
    Namespace: 'OnlyTo',
    MetricName: 'LeakGuardRejections',
    Dimensions: [{ Name: 'service', Value: 'sender' }],
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  })
})

it('addresses are forgotten, contents are not', () => {
  const bucketSchema = z.looseObject({
    LifecycleConfiguration: z.looseObject({ Rules: z.array(z.looseObject({ Prefix: z.string().optional() })) }),
  })
  const bucket = ofType(template, 'AWS::S3::Bucket', bucketSchema).find(({ path }) => path === 'AudienceBucket/Bucket')
  expect(bucket?.properties.LifecycleConfiguration.Rules).toEqual([
    { Prefix: 'uploads/', ExpirationInDays: 30, Status: 'Enabled' },
    { Prefix: 'audiences/', ExpirationInDays: 30, Status: 'Enabled' },
    { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' },
  ])
})

it('each route of the list is a route of the API, and all lead to the one function', () => {
  const routes = ofType(template, 'AWS::ApiGatewayV2::Route', z.looseObject({ RouteKey: z.string() }))
  expect(routes.map(({ properties }) => properties.RouteKey)).toEqual(
    apiRoutes.map(({ method, path }) => `${method} ${path}`),
  )
  expect(new Set(routes.map(({ properties }) => JSON.stringify(properties['Target']))).size).toBe(1)
})

it('each room that deals in lanes is given those of the inputs, as its schema reads them', () => {
  const lanes = { '163.com': 5, 'yahoo.*': 0.5 }
  const environmentSchema = z.looseObject({ Environment: z.looseObject({ Variables: z.looseObject({}) }) })
  const environments = ofType(synthesise({ ...goodInputs, lanes }), 'AWS::Lambda::Function', environmentSchema)
  const read = environments.flatMap(({ path, properties }) => {
    const { LANES } = properties.Environment.Variables
    return LANES === undefined ? [] : [[path, audienceEnvironment.shape.LANES.parse(LANES)]]
  })
  expect(Object.fromEntries(read)).toEqual({
    'Api/Function': lanes,
    'Audience/Function': lanes,
    'Dispatcher/Function': lanes,
  })
})
