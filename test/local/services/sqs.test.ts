import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localCredentials } from '../../../local/network-guard.ts'
import type { RunningService } from '../../../local/services/loopback-server.ts'
import { createQueues, type QueueDefinition } from '../../../local/services/queues.ts'
import { startSqs } from '../../../local/services/sqs.ts'

const QUEUES: readonly QueueDefinition[] = [
  { name: 'batches', visibilityTimeoutSeconds: 1, deadLetterQueue: { name: 'batches-dlq', maxReceiveCount: 1 } },
  { name: 'feedback', visibilityTimeoutSeconds: 90, delaySeconds: 3 },
  { name: 'batches-dlq', visibilityTimeoutSeconds: 30, retentionSeconds: 1_209_600 },
]

let service: RunningService
let client: SQSClient
let urls: Record<string, string>
beforeAll(async () => {
  service = await startSqs({ region: 'eu-west-1' })
  client = new SQSClient({ endpoint: service.endpoint, region: 'eu-west-1', credentials: localCredentials })
  urls = await createQueues(client, service.endpoint, QUEUES)
})
afterAll(async () => {
  client.destroy()
  await service.close()
})

const receive = async (queue: string, WaitTimeSeconds = 5) => {
  const command = new ReceiveMessageCommand({ QueueUrl: urls[queue], WaitTimeSeconds, MaxNumberOfMessages: 10 })
  return (await client.send(command)).Messages ?? []
}

test('queue URLs are on this computer, where the client will send', () => {
  expect(Object.keys(urls).sort()).toEqual(['batches', 'batches-dlq', 'feedback'])
  for (const url of Object.values(urls)) expect(url.startsWith(`${service.endpoint}/`)).toBe(true)
})

test('queues have the attributes that were asked for', async () => {
  const attributes = async (queue: string) => {
    const command = new GetQueueAttributesCommand({ QueueUrl: urls[queue], AttributeNames: ['All'] })
    return (await client.send(command)).Attributes
  }
  expect(await attributes('feedback')).toMatchObject({ VisibilityTimeout: '90', DelaySeconds: '3' })
  expect(await attributes('batches-dlq')).toMatchObject({ MessageRetentionPeriod: '1209600' })
  expect((await attributes('batches'))?.['RedrivePolicy']).toMatch(/:batches-dlq".*"maxReceiveCount":1/)
})

test('creating the same queues again changes nothing', async () => {
  expect(await createQueues(client, service.endpoint, QUEUES)).toEqual(urls)
})

test('a dead-letter queue that nobody defines is an error that names both', async () => {
  const orphan = { name: 'orphan', visibilityTimeoutSeconds: 1, deadLetterQueue: { name: 'none', maxReceiveCount: 1 } }
  await expect(createQueues(client, service.endpoint, [orphan])).rejects.toThrow('none of the queue orphan')
})

test('a message that is received too often goes to the dead-letter queue, and a deleted one does not', async () => {
  const Entries = ['kept', 'dropped'].map(MessageBody => ({ Id: MessageBody, MessageBody }))
  await client.send(new SendMessageBatchCommand({ QueueUrl: urls['batches'], Entries }))
  const received = await receive('batches')
  const dropped = received.find(message => message.Body === 'dropped')
  await client.send(new DeleteMessageCommand({ QueueUrl: urls['batches'], ReceiptHandle: dropped?.ReceiptHandle }))
  expect(await receive('batches', 2)).toEqual([])
  expect((await receive('batches-dlq')).map(message => message.Body)).toEqual(['kept'])
})

test('a long poll is answered as soon as a message comes', async () => {
  const waiting = receive('batches-dlq', 20)
  await client.send(new SendMessageCommand({ QueueUrl: urls['batches-dlq'], MessageBody: 'soon' }))
  expect((await waiting).map(message => message.Body)).toEqual(['soon'])
}, 5000)
