import { BatchWriteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import { STALE_MS_MAX } from './dynamodb/table-state.ts'
import { smallWorld } from './small-world.ts'

const TableName = 'notices'
const key = (sk: string) => ({ pk: 'p', sk })
const put = (item: Record<string, unknown>) => new PutCommand({ TableName, Item: { pk: 'p', ...item } })
const update = (expression: string, values: Record<string, unknown>, condition?: string) =>
  new UpdateCommand({
    TableName,
    Key: key('a'),
    UpdateExpression: expression,
    ExpressionAttributeValues: values,
    ReturnValues: 'ALL_NEW',
    ...(condition !== undefined && { ConditionExpression: condition }),
  })
const byState = (state: string) =>
  new QueryCommand({
    TableName,
    IndexName: 'byState',
    KeyConditionExpression: '#state = :state',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':state': state },
  })

describe('The simulated tables', () => {
  it('show the past to a read that is not consistent, as old as is asked for', async () => {
    let ageMs = 0
    const { clients, clock } = smallWorld('seed', { tables: { staleMs: () => ageMs } })
    const read = async (ConsistentRead: boolean) =>
      (await clients.tables.send(new GetCommand({ TableName, Key: key('a'), ConsistentRead }))).Item?.['n']
    for (const n of [1, 2, 3]) {
      await clients.tables.send(put({ sk: 'a', n }))
      clock.nowMs += 1000
    }
    const seen: unknown[] = []
    for (ageMs of [0, 500, 1000, 1001, 2500, 5000]) seen.push(await read(false))
    expect(seen).toEqual([3, 3, 3, 2, 1, undefined])
    expect(await read(true)).toBe(3)
    ageMs = STALE_MS_MAX + 1
    await expect(read(false)).rejects.toThrow()
  })

  it('list an item under its old state in a stale index, and never half of it', async () => {
    let ageMs = 0
    const { clients, clock } = smallWorld('seed', { tables: { staleMs: ({ indexName }) => (indexName ? ageMs : 0) } })
    await clients.tables.send(put({ sk: 'a', state: 'sending', createdAtMs: 1, run: 1 }))
    clock.nowMs += 100
    await clients.tables.send(put({ sk: 'a', state: 'stopped', createdAtMs: 1, run: 2 }))
    ageMs = 50
    expect((await clients.tables.send(byState('stopped'))).Items).toEqual([])
    expect((await clients.tables.send(byState('sending'))).Items).toMatchObject([{ state: 'sending', run: 1 }])
    clock.nowMs += 100
    expect((await clients.tables.send(byState('sending'))).Items).toEqual([])
    expect((await clients.tables.send(byState('stopped'))).Items).toMatchObject([{ state: 'stopped', run: 2 }])
  })

  it('give an index page by page, in order of its range key as a number', async () => {
    const { clients } = smallWorld('seed', { tables: { pageItems: () => 2 } })
    for (const [index, createdAtMs] of [10, 9, 100, 9, 9].entries()) {
      await clients.tables.send(put({ sk: `n${index}`, state: 'draft', createdAtMs }))
    }
    await clients.tables.send(put({ sk: 'not in the index', state: 'draft' }))
    const seen: unknown[] = []
    let ExclusiveStartKey: Record<string, unknown> | undefined
    do {
      const page = await clients.tables.send(new QueryCommand({ ...byState('draft').input, ExclusiveStartKey }))
      seen.push(...(page.Items ?? []).map(item => item['sk']))
      ExclusiveStartKey = page.LastEvaluatedKey
    } while (ExclusiveStartKey !== undefined)
    expect(seen).toEqual(['n1', 'n3', 'n4', 'n0', 'n2'])
  })

  it('hand back the puts that are not to be done, and throttle a call that did none', async () => {
    let refused = (sk: string): boolean => sk === 'b'
    const { clients, tables } = smallWorld('seed', { tables: { unprocessed: ({ sk }) => refused(sk) } })
    const requests = ['a', 'b', 'c'].map(sk => ({ PutRequest: { Item: key(sk) } }))
    const write = () => clients.tables.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }))
    expect((await write()).UnprocessedItems).toEqual({ [TableName]: [{ PutRequest: { Item: key('b') } }] })
    expect([...tables.items(TableName)].map(({ sk }) => sk)).toEqual(['a', 'c'])
    const twice = { RequestItems: { [TableName]: [...requests, ...requests] } }
    await expect(clients.tables.send(new BatchWriteCommand(twice))).rejects.toThrow('duplicates')
    refused = () => true
    await expect(write()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' })
  })

  it('take a change whole or not at all, with right-hand sides that speak of the item before it', async () => {
    const { clients, tables } = smallWorld()
    await clients.tables.send(put({ sk: 'a', a: 1, b: 10, tally: { x: 5 }, gone: true }))
    const changed = await clients.tables.send(
      update('SET a = b, b = a - :n, tally.x = tally.x + :n, c = if_not_exists(c, :n) REMOVE gone', { ':n': 4 }),
    )
    expect(changed.Attributes).toEqual({ ...key('a'), a: 10, b: -3, tally: { x: 9 }, c: 4 })
    for (const wrong of ['SET a = :n, missing.x = :n', 'SET a = :n, b = missing + :n', 'SET a = :n, pk = :n']) {
      await expect(clients.tables.send(update(wrong, { ':n': 1 }))).rejects.toMatchObject({
        name: 'ValidationException',
      })
    }
    expect(tables.item(TableName, 'p', 'a')).toEqual(changed.Attributes)
  })

  it.each([
    ['n = :ten AND s = :s', true],
    ['n > :nine', true],
    ['n BETWEEN :nine AND :ten', true],
    ['n < :nine OR s = :s AND n = :ten', true],
    ['(n < :nine OR s = :s) AND n <> :ten', false],
    ['NOT n = :nine AND attribute_not_exists(missing)', true],
    ['missing <> :ten', true],
    ['missing < :ten', false],
    ['s > :ten', false],
    ['begins_with(s, :s) AND attribute_exists(tally.x)', true],
    ['n IN (:nine, :ten)', true],
  ])('judge "%s" as DynamoDB does', async (condition, holds) => {
    const { clients } = smallWorld()
    await clients.tables.send(put({ sk: 'a', n: 10, s: 'text', tally: { x: 1 } }))
    const all: Record<string, unknown> = { ':ten': 10, ':nine': 9, ':s': 'text' }
    const used = Object.fromEntries(Object.entries(all).filter(([name]) => condition.includes(name)))
    const change = clients.tables.send(update('SET seen = :seen', { ...used, ':seen': true }, condition))
    if (holds) expect((await change).Attributes?.['seen']).toBe(true)
    else await expect(change).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' })
  })

  it('refuse a placeholder that no expression uses, and one that is missing', async () => {
    const { clients } = smallWorld()
    for (const values of [{ ':n': 1, ':more': 2 }, { ':other': 1 }]) {
      await expect(clients.tables.send(update('SET a = :n', values))).rejects.toMatchObject({
        name: 'ValidationException',
      })
    }
  })
})
