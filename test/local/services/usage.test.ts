import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { BatchWriteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { expect, test } from 'vitest'
import { localCredentials } from '../../../local/network-guard.ts'
import { startDynamoDb } from '../../../local/services/dynamodb.ts'
import { startSqs } from '../../../local/services/sqs.ts'
import { USAGE_PATH, usageSchema } from '../../../local/services/usage-meter.ts'
import { BUCKET, s3ForTest } from './s3-harness.ts'

const region = 'eu-west-1'
const usageOf = async (endpoint: string) => usageSchema.parse(await (await fetch(`${endpoint}${USAGE_PATH}`)).json())
const kilobytes = (count: number) => 'x'.repeat(count * 1024)

test('a table says in which units AWS would bill its calls', async () => {
  const service = await startDynamoDb()
  await using _ = { [Symbol.asyncDispose]: () => service.close() }
  const client = new DynamoDBClient({ endpoint: service.endpoint, region, credentials: localCredentials })
  const TableName = 'rows'
  const documents = DynamoDBDocumentClient.from(client)
  await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
  await documents.send(new PutCommand({ TableName, Item: { pk: 'large', text: kilobytes(2.5) } }))
  await documents.send(new PutCommand({ TableName, Item: { pk: 'small' } }))
  const twice = new PutCommand({ TableName, Item: { pk: 'small' }, ConditionExpression: 'attribute_not_exists(pk)' })
  await expect(documents.send(twice)).rejects.toThrow('conditional')
  const puts = [{ PutRequest: { Item: { pk: 'a' } } }, { PutRequest: { Item: { pk: 'b', text: kilobytes(1.5) } } }]
  await documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: puts } }))
  const read = { TableName, Key: { pk: 'large' } }
  expect((await documents.send(new GetCommand({ ...read, ConsistentRead: true }))).Item?.['text']).toHaveLength(2560)
  await documents.send(new GetCommand(read))
  const ofOne = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'large' } }
  await documents.send(new QueryCommand({ TableName, ...ofOne, ConsistentRead: true }))
  expect(await usageOf(service.endpoint)).toEqual({
    PutItem: { calls: 3, units: 3 + 1 + 1 },
    BatchWriteItem: { calls: 1, units: 1 + 2 },
    GetItem: { calls: 2, units: 1 + 0.5 },
    Query: { calls: 1, units: 1 },
  })
  client.destroy()
})

test('queues and buckets say how often they were called, and for what', async () => {
  const sqs = await startSqs({ region })
  const s3 = await s3ForTest()
  const queues = new SQSClient({ endpoint: sqs.endpoint, region, credentials: localCredentials })
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: 'q' }))
  await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' }))
  await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' }))
  expect((await usageOf(sqs.endpoint))['SendMessage']).toEqual({ calls: 2, units: 0 })
  await s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'b' }))
  await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k' }))
  expect(await usageOf(s3.service.endpoint)).toEqual({
    'PUT object': { calls: 1, units: 0 },
    'GET object': { calls: 1, units: 0 },
  })
  queues.destroy()
  await Promise.all([sqs.close(), s3.close()])
})
