import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { Defect } from '../runtime/defect.ts'
import { queryItems, whenConditionFails } from '../runtime/document-client.ts'
import { lifecycle, type NoticeChange } from './changes.ts'
import { type Notice, noticeSchema, type Tally } from './notice.ts'
import { type NoticeState, noticeStates } from './notice-states.ts'
import type { ChangeResult, NoticeStore } from './notice-store.ts'

/** Raised by every change of a notice's life, not by its tally, so that counting never makes a stop try again. */
const itemSchema = noticeSchema.extend({ pk: z.string(), sk: z.string(), revision: z.number().int() })

const key = (noticeId: string) => ({ pk: `NOTICE#${noticeId}`, sk: 'NOTICE' })

/**
 * Notices in the `notices` table. A change is read, decided, and written on condition that no other change came between;
 * else it is decided again. A lost answer therefore never applies a change twice.
 */
export function dynamoNoticeStore(client: DynamoDBDocumentClient, tableName: string): NoticeStore {
  async function readItem(noticeId: string): Promise<{ notice: Notice; revision: number } | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: key(noticeId), ConsistentRead: true }),
    )
    return Item === undefined ? undefined : parseItem(Item)
  }

  async function change(noticeId: string, decide: NoticeChange): Promise<ChangeResult> {
    for (let attempt = 0; attempt < 20; attempt++) {
      const current = await readItem(noticeId)
      if (current === undefined) return { kind: 'missing' }
      const set = decide(current.notice)
      if (set === undefined) return { kind: 'conflict', notice: current.notice }
      const changed = await write(noticeId, set, current.revision)
      if (changed !== undefined) return { kind: 'changed', notice: changed }
    }
    throw new Defect('notice-contention', `Notice ${noticeId} kept changing while it was to be changed`)
  }

  async function write(noticeId: string, set: Partial<Notice>, revision: number): Promise<Notice | undefined> {
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
      .then(({ Attributes }) => parseItem(Attributes).notice, whenConditionFails(undefined))
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
    for await (const item of queryItems(client, query)) notices.push(parseItem(item).notice)
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
      const Item = { ...key(notice.noticeId), ...notice, revision: 0 }
      await client.send(new PutCommand({ TableName: tableName, Item, ConditionExpression: 'attribute_not_exists(pk)' }))
    },
    read: async noticeId => (await readItem(noticeId))?.notice,
    list: async state => {
      const lists = await Promise.all((state === undefined ? noticeStates : [state]).map(listState))
      return lists.flat().sort((a, b) => b.createdAtMs - a.createdAtMs)
    },
    ...lifecycle(change),
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
      return parseItem(Attributes).notice
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
  }
}

function parseItem(item: unknown): { notice: Notice; revision: number } {
  const { pk: _, sk: __, revision, ...notice } = itemSchema.parse(item)
  return { notice, revision }
}
