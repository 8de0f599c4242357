import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { Defect } from '../runtime/defect.ts'
import { queryItems, whenConditionFails } from '../runtime/document-client.ts'
import { type Random, randomId } from '../runtime/random.ts'
import { type AccountStop, accountStopSchema, underAccountStop } from './account-stop.ts'
import { lifecycle, type NoticeChange } from './changes.ts'
import { type Notice, noticeSchema, type Tally } from './notice.ts'
import { type NoticeState, noticeStates } from './notice-states.ts'
import type { ChangeResult, NoticeStore } from './notice-store.ts'

const itemSchema = noticeSchema.extend({
  pk: z.string(),
  sk: z.string(),
  /** Raised by every change of a notice's life, not by its tally, so that counting never makes a stop try again. */
  revision: z.number().int(),
  /** Of the last change, so that a change whose answer was lost is recognised as done. */
  changeToken: z.string().optional(),
})
type Item = z.infer<typeof itemSchema>

const stopItemSchema = accountStopSchema.extend({ pk: z.string(), sk: z.string() })

const key = (noticeId: string) => ({ pk: `NOTICE#${noticeId}`, sk: 'NOTICE' })
const accountStopKey = { pk: 'ACCOUNT', sk: 'STOP' }
const TOKEN_LENGTH = 16

/**
 * Notices in the `notices` table. A change is read, decided, and written on condition that no other change came between;
 * else it is decided again. A change whose answer was lost finds its token in the item: it is never applied twice, and never
 * takes its own success for a conflict.
 */
export function dynamoNoticeStore(client: DynamoDBDocumentClient, tableName: string, random: Random): NoticeStore {
  async function readItem(noticeId: string): Promise<Item | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: key(noticeId), ConsistentRead: true }),
    )
    return Item === undefined ? undefined : itemSchema.parse(Item)
  }

  async function readAccountStop(): Promise<AccountStop | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: accountStopKey, ConsistentRead: true }),
    )
    return Item === undefined ? undefined : parseStop(Item)
  }

  async function change(noticeId: string, decide: NoticeChange): Promise<ChangeResult> {
    const changeToken = randomId(random, TOKEN_LENGTH)
    for (let attempt = 0; attempt < 20; attempt++) {
      const [item, stop] = await Promise.all([readItem(noticeId), readAccountStop()])
      if (item === undefined) return { kind: 'missing' }
      const notice = underAccountStop(noticeIn(item), stop)
      if (item.changeToken === changeToken) return { kind: 'changed', notice }
      const set = decide(notice, stop?.generation ?? 0)
      if (set === undefined) return { kind: 'conflict', notice }
      const changed = await write(noticeId, { ...set, changeToken }, item.revision)
      if (changed !== undefined) return { kind: 'changed', notice: underAccountStop(changed, stop) }
    }
    throw new Defect('notice-contention', `Notice ${noticeId} kept changing while it was to be changed`)
  }

  async function write(noticeId: string, set: Partial<Item>, revision: number): Promise<Notice | undefined> {
    const entries = Object.entries({ ...set, revision: revision + 1 })
    const assigned = entries.filter(([, value]) => value !== undefined)
    const removed = entries.filter(([, value]) => value === undefined)
    const assignments = assigned.map(([name]) => `#${name} = :${name}`).join(', ')
    const removals = removed.length > 0 ? ` REMOVE ${removed.map(([name]) => `#${name}`).join(', ')}` : ''
    return client
      .send(
        new UpdateCommand({
          TableName: tableName,
          Key: key(noticeId),
          UpdateExpression: `SET ${assignments}${removals}`,
          ConditionExpression: '#revision = :revisionAsRead',
          ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(assigned.map(([name, value]) => [`:${name}`, value])),
            ':revisionAsRead': revision,
          },
          ReturnValues: 'ALL_NEW',
        }),
      )
      .then(({ Attributes }) => noticeIn(itemSchema.parse(Attributes)), whenConditionFails(undefined))
  }

  async function listState(state: NoticeState): Promise<Notice[]> {
    const notices: Notice[] = []
    const query = {
      TableName: tableName,
      IndexName: 'byState',
      KeyConditionExpression: '#state = :state',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': state },
    }
    for await (const item of queryItems(client, query)) notices.push(noticeIn(itemSchema.parse(item)))
    return notices
  }

  /** `sign` is '+' to add to the cached sums, '' to replace them. */
  function tallyUpdate(noticeId: string, tally: Tally, batchesDone: number, sign: '' | '+') {
    const counted = Object.entries({ ...tally, batchesDone })
    const path = (name: string) => (name === 'batchesDone' ? '#batchesDone' : `tally.#${name}`)
    const assignments = counted.map(([name]) => `${path(name)} = ${sign && `${path(name)} + `}:${name}`)
    return {
      TableName: tableName,
      Key: key(noticeId),
      UpdateExpression: `SET ${assignments.join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(counted.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(counted.map(([name, value]) => [`:${name}`, value])),
    } as const
  }

  return {
    create: async notice => {
      const changeToken = randomId(random, TOKEN_LENGTH)
      const Item = { ...key(notice.noticeId), ...notice, revision: 0, changeToken }
      const created = await client
        .send(new PutCommand({ TableName: tableName, Item, ConditionExpression: 'attribute_not_exists(pk)' }))
        .then(() => true, whenConditionFails(false))
      if (created || (await readItem(notice.noticeId))?.changeToken === changeToken) return
      throw new Defect('notice-exists', `There is a notice ${notice.noticeId} already`)
    },
    read: async noticeId => {
      const [item, stop] = await Promise.all([readItem(noticeId), readAccountStop()])
      return item && underAccountStop(noticeIn(item), stop)
    },
    list: async state => {
      // What is stopped by a stop of all lies among what is being sent.
      const states: readonly NoticeState[] =
        state === 'stopped' ? ['stopped', 'sending'] : state ? [state] : noticeStates
      const [stop, ...lists] = await Promise.all([readAccountStop(), ...states.map(listState)])
      return lists
        .flat()
        .map(notice => underAccountStop(notice, stop))
        .filter(notice => state === undefined || notice.state === state)
        .sort((a, b) => b.createdAtMs - a.createdAtMs)
    },
    ...lifecycle(change),
    stopAll: async (reason, nowMs) => {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: accountStopKey,
          UpdateExpression: 'SET generation = if_not_exists(generation, :zero) + :one, atMs = :nowMs, reason = :reason',
          ExpressionAttributeValues: { ':zero': 0, ':one': 1, ':nowMs': nowMs, ':reason': reason },
          ReturnValues: 'ALL_NEW',
        }),
      )
      return parseStop(Attributes)
    },
    addToTally: async (noticeId, added, batchesDone, nowMs) => {
      const update = tallyUpdate(noticeId, added, batchesDone, '+')
      const { Attributes } = await client.send(
        new UpdateCommand({
          ...update,
          UpdateExpression: `${update.UpdateExpression}, progressAtMs = :nowMs`,
          ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ':nowMs': nowMs },
          ConditionExpression: 'attribute_exists(pk)',
          ReturnValues: 'ALL_NEW',
        }),
      )
      return noticeIn(itemSchema.parse(Attributes))
    },
    refreshTally: async ({ noticeId, run, progressAtMs }, tally, batchesDone) => {
      const update = tallyUpdate(noticeId, tally, batchesDone, '')
      const notCountedSince =
        progressAtMs === undefined ? 'attribute_not_exists(progressAtMs)' : 'progressAtMs = :asRead'
      await client
        .send(
          new UpdateCommand({
            ...update,
            ExpressionAttributeNames: { ...update.ExpressionAttributeNames, '#run': 'run' },
            ExpressionAttributeValues: {
              ...update.ExpressionAttributeValues,
              ':run': run,
              ...(progressAtMs !== undefined && { ':asRead': progressAtMs }),
            },
            ConditionExpression: `#run = :run AND ${notCountedSince}`,
          }),
        )
        .then(() => undefined, whenConditionFails(undefined))
    },
    recordProgress: async (noticeId, progress) => {
      await client
        .send(
          new UpdateCommand({
            TableName: tableName,
            Key: key(noticeId),
            UpdateExpression: 'SET lastProgress = :progress',
            ConditionExpression: '#run = :run',
            ExpressionAttributeNames: { '#run': 'run' },
            ExpressionAttributeValues: { ':progress': progress, ':run': progress.run },
          }),
        )
        .then(() => undefined, whenConditionFails(undefined))
    },
  }
}

function noticeIn({ pk: _, sk: __, revision: ___, changeToken: ____, ...notice }: Item): Notice {
  return notice
}

function parseStop(item: unknown): AccountStop {
  const { pk: _, sk: __, ...stop } = stopItemSchema.parse(item)
  return stop
}
