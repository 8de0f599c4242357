import { expect, test } from 'vitest'
import { readDeployment } from '../../../local/template/read-deployment.ts'
import { assets, resources, scope } from './fixture.ts'

const read = (changed: Readonly<Record<string, unknown>> = {}) =>
  readDeployment({ Resources: { ...resources, ...changed } }, assets, '/assembly', scope)

/** The fixture's resource `id` with some properties more. */
function withProperties(id: string, properties: Readonly<Record<string, unknown>>) {
  const resource = resources[id]
  return { [id]: { ...resource, Properties: { ...Object(resource?.Properties), ...properties } } }
}

test('everything that runs is read, with physical names in place of references', () => {
  expect(read()).toEqual({
    scope,
    functions: [
      {
        name: 'Handler',
        room: 'sender',
        assetDirectory: '/assembly/asset.abc',
        handler: 'index.handler',
        timeoutMs: 60_000,
        memoryMb: 512,
        environment: {
          BATCH_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/000000000000/Batches',
          BUCKET: 'audience',
        },
        reservedConcurrency: undefined,
        asyncRetries: 0,
      },
    ],
    queues: [
      {
        name: 'DeadLetters',
        arn: 'arn:aws:sqs:eu-west-1:000000000000:DeadLetters',
        url: 'https://sqs.eu-west-1.amazonaws.com/000000000000/DeadLetters',
        visibilityTimeoutSeconds: 30,
        delaySeconds: 0,
        retentionSeconds: 1_209_600,
      },
      {
        name: 'Batches',
        arn: 'arn:aws:sqs:eu-west-1:000000000000:Batches',
        url: 'https://sqs.eu-west-1.amazonaws.com/000000000000/Batches',
        visibilityTimeoutSeconds: 360,
        delaySeconds: 0,
        retentionSeconds: 345_600,
        deadLetterQueue: { name: 'DeadLetters', maxReceiveCount: 5 },
      },
    ],
    tables: [
      {
        name: 'Deliveries',
        create: {
          TableName: 'Deliveries',
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
          GlobalSecondaryIndexes: [
            {
              IndexName: 'byState',
              KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
            },
          ],
        },
        timeToLiveAttribute: 'expiresAt',
      },
    ],
    buckets: [{ name: 'audience', eventBridge: true }],
    macKeys: ['Generation1'],
    eventSources: [
      {
        functionName: 'Handler',
        queueName: 'Batches',
        batchSize: 100,
        batchingWindowMs: 1_000,
        maximumConcurrency: 5,
        reportsItemFailures: true,
      },
    ],
    routes: [
      {
        routeKey: 'GET /notices/{noticeId}',
        functionName: 'Handler',
        authorization: 'AWS_IAM',
        timeoutMs: 30_000,
      },
    ],
    rules: [
      {
        kind: 'object-created',
        name: 'Uploaded',
        functionName: 'Handler',
        input: undefined,
        buckets: ['audience'],
        keyPrefixes: ['uploads/'],
      },
      { kind: 'schedule', name: 'EveryMinute', functionName: 'Handler', input: { by: 'clock' }, everyMs: 60_000 },
    ],
    configurationSets: ['Set'],
    eventQueues: [
      {
        configurationSet: 'Set',
        queueName: 'Batches',
        topicArn: 'arn:aws:sns:eu-west-1:000000000000:Events',
        eventTypes: ['send', 'bounce'],
        raw: true,
      },
    ],
    alarms: [
      {
        name: 'Alarm',
        description: 'Something was put aside.',
        metric: {
          namespace: 'AWS/SQS',
          name: 'ApproximateNumberOfMessagesVisible',
          dimensions: { QueueName: 'DeadLetters' },
        },
        statistic: 'Maximum',
        periodMs: 60_000,
        comparison: 'GreaterThanOrEqualToThreshold',
        threshold: 1,
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        missingData: 'notBreaching',
      },
    ],
  })
})

test('a type of resource that is neither run nor left out knowingly is refused', () => {
  expect(() => read({ Machine: { Type: 'AWS::StepFunctions::StateMachine' } })).toThrow(
    /Machine \(AWS::StepFunctions::StateMachine\)/,
  )
})

test.each([
  ['Handler', 'Layers', ['arn']],
  ['Batches', 'ContentBasedDeduplication', true],
  ['Source', 'FilterCriteria', {}],
  ['ToQueue', 'FilterPolicy', {}],
  ['Retries', 'DestinationConfig', {}],
  ['Alarm', 'Metrics', []],
])('a property of %s that changes what happens (%s) is refused', (id, property, value) => {
  expect(() => read(withProperties(id, { [property]: value }))).toThrow(new RegExp(`${id} .* sets ${property}`))
})

test.each([
  ['Handler', { Runtime: 'python3.13' }, /Handler .* cannot run locally/],
  ['Batches', { FifoQueue: true }, /Batches .* cannot run locally/],
  ['EveryMinute', { ScheduleExpression: 'cron(0 8 * * ? *)' }, /EveryMinute: .* not cron/],
  ['Uploaded', { State: 'DISABLED' }, /Uploaded/],
  ['Audience', { NotificationConfiguration: undefined }, /does not tell EventBridge/],
  ['Generation1', { KeySpec: 'SYMMETRIC_DEFAULT' }, /Generation1 .* cannot run locally/],
  ['ToQueue', { Protocol: 'lambda' }, /ToQueue: SES events go to queues/],
  ['Source', { ScalingConfig: undefined }, /Source .* cannot run locally/],
  ['Alarm', { Statistic: 'p99' }, /Alarm .* cannot run locally/],
])('%s with %o is refused', (id, properties, message) => {
  expect(() => read(withProperties(id, properties))).toThrow(message)
})

test('a resource that is deployed under a condition only is refused', () => {
  expect(() => read({ Extra: { Type: 'AWS::SQS::Queue', Condition: 'IsBig' } })).toThrow(/Condition/)
})

test('a bundle that the asset manifest lacks is named', () => {
  expect(() => readDeployment({ Resources: resources }, { files: {} }, '/assembly', scope)).toThrow(
    /Handler: .*abc\.zip/,
  )
})
