import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { SQSEvent } from 'aws-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Invocation } from '../../../local/runtime/invocation.ts'
import { SqsEventSource } from '../../../local/runtime/sqs-event-source.ts'
import type { RunningService } from '../../../local/services/loopback-server.ts'
import { createQueues } from '../../../local/services/queues.ts'
import { startSqs } from '../../../local/services/sqs.ts'
import { SqsCalls } from '../../../local/services/sqs-calls.ts'
import { bundle } from './bundle.ts'

let sqs: RunningService
let client: SQSClient
let calls: SqsCalls
beforeAll(async () => {
  sqs = await startSqs()
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  client = new SQSClient({ endpoint: sqs.endpoint, region: 'eu-west-1', credentials, useQueueUrlAsEndpoint: false })
  calls = new SqsCalls(sqs.endpoint, 'eu-west-1')
})
afterAll(async () => {
  calls.close()
  client.destroy()
  await sqs.close()
})

interface Source extends AsyncDisposable {
  readonly send: (bodies: readonly string[]) => Promise<void>
  readonly left: () => Promise<number>
}

let queueCount = 0
const done: Invocation = { kind: 'returned', payload: '{"batchItemFailures":[]}' }

async function source(
  settings: {
    batchSize: number
    batchingWindowMs?: number
    maximumConcurrency?: number
    visibilityTimeoutSeconds?: number
  },
  invoke: (event: SQSEvent) => Promise<Invocation>,
): Promise<Source> {
  queueCount += 1
  const name = `queue-${queueCount}`
  const { visibilityTimeoutSeconds = 30 } = settings
  const urls = await createQueues(client, sqs.endpoint, [{ name, visibilityTimeoutSeconds }])
  const queueUrl = urls[name] ?? ''
  const eventSource = new SqsEventSource({
    definition: {
      functionName: 'Fixture',
      queueName: name,
      batchingWindowMs: 0,
      maximumConcurrency: 2,
      reportsItemFailures: true,
      ...settings,
    },
    queueUrl,
    queueArn: `arn:aws:sqs:eu-west-1:000000000000:${name}`,
    region: 'eu-west-1',
    calls,
    invoke,
    onFault: fault => {
      throw fault
    },
  })
  return {
    send: async bodies => {
      for (let start = 0; start < bodies.length; start += 10) {
        const Entries = bodies.slice(start, start + 10).map((MessageBody, index) => ({ Id: `m${index}`, MessageBody }))
        await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }))
      }
    },
    left: async () => {
      const AttributeNames = ['ApproximateNumberOfMessages' as const, 'ApproximateNumberOfMessagesNotVisible' as const]
      const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames }))
      return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0)
    },
    [Symbol.asyncDispose]: () => eventSource.close(),
  }
}

const bodies = (count: number) => Array.from({ length: count }, (_, index) => `message ${index}`)

test('a partial failure brings back the failures only', async () => {
  const seen: string[] = []
  const { promise: redelivered, resolve } = Promise.withResolvers<SQSEvent>()
  await using queue = await source(
    { batchSize: 10, batchingWindowMs: 300, visibilityTimeoutSeconds: 1 },
    async event => {
      const again = event.Records.filter(({ body }) => seen.includes(body))
      seen.push(...event.Records.map(({ body }) => body))
      if (again.length > 0) {
        resolve(event)
        return done
      }
      const failures = event.Records.filter(({ body }) => body === 'message 3' || body === 'message 5')
      const batchItemFailures = failures.map(({ messageId }) => ({ itemIdentifier: messageId }))
      return { kind: 'returned', payload: JSON.stringify({ batchItemFailures }) }
    },
  )
  await queue.send(bodies(10))
  const { Records } = await redelivered
  expect(seen.toSorted()).toEqual([...bodies(10), 'message 3', 'message 5'].toSorted())
  for (const { attributes } of Records) expect(attributes.ApproximateReceiveCount).toBe('2')
  await expect.poll(queue.left).toBe(0)
})

test('a record has what Lambda gives', async () => {
  const { promise, resolve } = Promise.withResolvers<SQSEvent>()
  await using queue = await source({ batchSize: 1 }, async event => {
    resolve(event)
    return done
  })
  await queue.send(['{"batch":7}'])
  const { Records } = await promise
  expect(Records).toEqual([
    {
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      receiptHandle: expect.any(String),
      body: '{"batch":7}',
      attributes: expect.objectContaining({
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
      }),
      messageAttributes: {},
      md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: 'aws:sqs',
      eventSourceARN: expect.stringMatching(/:queue-\d+$/),
      awsRegion: 'eu-west-1',
    },
  ])
})

test('never more invocations at once than the maximum, and never fewer while there is work', async () => {
  let running = 0
  let most = 0
  let handled = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const { promise: threeAtOnce, resolve: areThree } = Promise.withResolvers<void>()
  await using queue = await source({ batchSize: 1, maximumConcurrency: 3 }, async () => {
    most = Math.max(most, ++running)
    if (running === 3) areThree()
    await threeAtOnce
    await new Promise(setImmediate)
    running -= 1
    handled += 1
    if (handled === 40) resolve()
    return done
  })
  await queue.send(bodies(40))
  await promise
  expect(most).toBe(3)
  await expect.poll(queue.left).toBe(0)
})

test('a backlog is taken in full batches, and every message once', async () => {
  const sizes: number[] = []
  const seen: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  await using queue = await source({ batchSize: 100, batchingWindowMs: 500, maximumConcurrency: 5 }, async event => {
    sizes.push(event.Records.length)
    seen.push(...event.Records.map(({ body }) => body))
    if (seen.length >= 1_000) resolve()
    return done
  })
  await queue.send(bodies(1_000))
  await promise
  expect(seen.toSorted()).toEqual(bodies(1_000).toSorted())
  expect(Math.max(...sizes)).toBe(100)
  await expect.poll(queue.left).toBe(0)
})

test('the message of a killed process comes back after the visibility time-out', async () => {
  await using fixture = bundle(`
    export const handler = async event => {
      if (event.Records[0].attributes.ApproximateReceiveCount === '1') await new Promise(wake => setTimeout(wake, 60_000))
      return { batchItemFailures: [] } }`)
  const counts: string[] = []
  const { promise: first, resolve: invoked } = Promise.withResolvers<void>()
  const { promise: second, resolve: handled } = Promise.withResolvers<void>()
  await using queue = await source({ batchSize: 1, visibilityTimeoutSeconds: 2 }, async event => {
    counts.push(event.Records[0]?.attributes.ApproximateReceiveCount ?? '')
    const running = fixture.pool.invoke(event)
    invoked()
    const invocation = await running
    if (invocation.kind === 'returned') handled()
    return invocation
  })
  await queue.send(['one'])
  await first
  process.kill(fixture.pool.report().processIds[0] ?? 0, 'SIGKILL')
  await second
  expect(counts).toEqual(['1', '2'])
  await expect.poll(queue.left).toBe(0)
  expect(fixture.pool.report()).toMatchObject({ crashes: 1, invocations: 2 })
})
