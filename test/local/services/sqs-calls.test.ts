import { SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localCredentials } from '../../../local/network-guard.ts'
import type { RunningService } from '../../../local/services/loopback-server.ts'
import { createQueues } from '../../../local/services/queues.ts'
import { startSqs } from '../../../local/services/sqs.ts'
import { SqsCalls } from '../../../local/services/sqs-calls.ts'

let sqs: RunningService
let calls: SqsCalls
let queueUrl: string
beforeAll(async () => {
  sqs = await startSqs()
  const settings = { endpoint: sqs.endpoint, region: 'eu-west-1', credentials: localCredentials }
  const client = new SQSClient({ ...settings, useQueueUrlAsEndpoint: false })
  const urls = await createQueues(client, sqs.endpoint, [{ name: 'events', visibilityTimeoutSeconds: 30 }])
  client.destroy()
  queueUrl = urls['events'] ?? ''
  calls = new SqsCalls(sqs.endpoint, 'eu-west-1')
})
afterAll(async () => {
  calls.close()
  await sqs.close()
})

const never = new AbortController().signal

test('what was sent is received with all that SQS knows of it, and is gone once it is deleted', async () => {
  expect(await calls.send(queueUrl, ['first', 'zweite ü', '第三'])).toEqual([])
  const messages = await calls.receive(queueUrl, { count: 10, waitSeconds: 0, signal: never })
  expect(messages.map(({ Body }) => Body).toSorted()).toEqual(['first', 'zweite ü', '第三'].toSorted())
  for (const { Attributes } of messages) expect(Attributes?.ApproximateReceiveCount).toBe('1')
  await calls.delete(
    queueUrl,
    messages.map(({ ReceiptHandle = '' }) => ReceiptHandle),
  )
  expect(await calls.receive(queueUrl, { count: 10, waitSeconds: 0, signal: never })).toEqual([])
})

test('a body that the queue refuses is named by its place, and the others are taken', async () => {
  expect(await calls.send(queueUrl, ['good', '\u0000', 'good'])).toEqual([1])
  const messages = await calls.receive(queueUrl, { count: 10, waitSeconds: 0, signal: never })
  expect(messages).toHaveLength(2)
})

test('a call that SQS refuses says which, and why', async () => {
  const missing = queueUrl.replace('events', 'missing')
  await expect(calls.send(missing, ['lost'])).rejects.toThrow(
    /answered 400 to SendMessageBatch: .*(NonExistent|does not exist)/,
  )
})

test('a long poll ends when it is told to', async () => {
  const stop = new AbortController()
  const polled = calls.receive(queueUrl, { count: 1, waitSeconds: 20, signal: stop.signal })
  stop.abort()
  await expect(polled).rejects.toThrow(/abort/i)
})
