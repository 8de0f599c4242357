import { request } from 'node:http'
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ResourceNotFoundException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localCredentials } from '../../../local/network-guard.ts'
import { startDynamoDb } from '../../../local/services/dynamodb.ts'
import type { RunningService } from '../../../local/services/loopback-server.ts'
import { DELAY_PATH } from '../../../local/services/table-delay.ts'

const TableName = 'deliveries'
const key = (id: string) => ({ id: { S: id } })

let service: RunningService
let client: DynamoDBClient
beforeAll(async () => {
  service = await startDynamoDb()
  client = new DynamoDBClient({ endpoint: service.endpoint, region: 'eu-west-1', credentials: localCredentials })
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  )
})
afterAll(async () => {
  client.destroy()
  await service.close()
})

const put = (id: string) => client.send(new PutItemCommand({ TableName, Item: key(id) }))
const get = async (id: string) => (await client.send(new GetItemCommand({ TableName, Key: key(id) }))).Item

test('a table can be written as soon as it is created', async () => {
  await put('first')
  expect(await get('first')).toEqual(key('first'))
})

test('a client that breaks off in the middle of a body harms nobody', async () => {
  const headers = { 'x-amz-target': 'DynamoDB_20120810.PutItem', 'content-length': '1000' }
  for (let attempt = 0; attempt < 3; attempt++) {
    const broken = request(service.endpoint, { method: 'POST', headers })
    const closed = new Promise(resolve => broken.on('close', resolve))
    broken.on('error', () => {})
    await new Promise(resolve => broken.write('{"TableName":', resolve))
    broken.destroy()
    await closed
    await put(`after ${attempt}`)
    expect(await get(`after ${attempt}`)).toEqual(key(`after ${attempt}`))
  }
})

test('a body that is no request is answered with an error, and the next request works', async () => {
  const headers = { 'content-type': 'application/x-amz-json-1.0', authorization: 'AWS4-HMAC-SHA256 x' }
  const bodies = ['{', '[]', 'null', '""', '{"TableName":5}', '']
  for (const body of bodies) {
    const target = { 'x-amz-target': 'DynamoDB_20120810.PutItem' }
    const response = await fetch(service.endpoint, { method: 'POST', body, headers: { ...headers, ...target } })
    expect(response.ok).toBe(false)
  }
  const large = await fetch(service.endpoint, { method: 'POST', body: 'x'.repeat(17 * 1024 * 1024), headers })
  expect(large.status).toBe(413)
  await put('next')
})

test('a missing table is the error of its own type', async () => {
  const missing = new PutItemCommand({ TableName: 'nowhere', Item: key('x') })
  await expect(client.send(missing)).rejects.toBeInstanceOf(ResourceNotFoundException)
})

test('a failed condition tells the item that it met, when asked to', async () => {
  const claim = (owner: string, more = {}) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: key('batch'),
        UpdateExpression: 'SET #owner = :owner',
        ConditionExpression: 'attribute_not_exists(#owner)',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': { S: owner } },
        ...more,
      }),
    )
  const failure = (more = {}) => claim('two', more).catch((error: unknown) => error)
  await claim('one')
  const told = await failure({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })
  expect(told).toBeInstanceOf(ConditionalCheckFailedException)
  expect(told).toMatchObject({ Item: { id: { S: 'batch' }, owner: { S: 'one' } } })
  expect(await failure()).not.toHaveProperty('Item.owner')
})

test('a counter under 100 concurrent writers is exact', async () => {
  const add = new UpdateItemCommand({
    TableName,
    Key: key('counter'),
    UpdateExpression: 'ADD hits :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  })
  await Promise.all(Array.from({ length: 100 }, () => client.send(add)))
  expect(await get('counter')).toMatchObject({ hits: { N: '100' } })
})

test('slow tables take so much longer over every call, until they are told otherwise', async () => {
  const setDelay = (delay: unknown) =>
    fetch(`${service.endpoint}${DELAY_PATH}`, { method: 'PUT', body: JSON.stringify(delay) })
  expect((await setDelay({ beforeMs: 60, afterMs: 40 })).status).toBe(200)
  const startedMs = performance.now()
  await put('slow')
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(98)
  const refused = await setDelay({ beforeMs: -1 })
  expect(refused.status).toBe(400)
  expect(await refused.text()).toContain('beforeMs')
  expect(await (await setDelay({})).json()).toEqual({ beforeMs: 0, afterMs: 0 })
  expect(await get('slow')).toEqual(key('slow'))
})
