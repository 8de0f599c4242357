import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { Defect } from '../runtime/defect.ts'
import { queryItems, whenConditionFails } from '../runtime/document-client.ts'
import { type Random, randomId } from '../runtime/random.ts'
import { underAccountStop } from './account-stop.ts'
import { lifecycle, type NoticeChange } from './changes.ts'
import { dynamoAccountStop } from './dynamo-account-stop.ts'
import { dynamoTally } from './dynamo-tally.ts'
import type { Notice } from './notice.ts'
import { type NoticeItem, noticeIn, noticeItemSchema, noticeKey } from './notice-item.ts'
import { type NoticeState, noticeStates } from './notice-states.ts'
import type { ChangeResult, NoticeStore } from './notice-store.ts'

const TOKEN_LENGTH = 16

/**
 * Notices in the `notices` table. A change is read, decided, and written on condition that no other change came between;
 * else it is decided again. A change whose answer was lost finds its token in the item: it is never applied twice, and never
 * takes its own success for a conflict.
 */
export function dynamoNoticeStore(client: DynamoDBDocumentClient, tableName: string, random: Random): NoticeStore {
  const { readAccountStop, stopAll } = dynamoAccountStop(client, tableName)

  async function readItem(noticeId: string): Promise<NoticeItem | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: noticeKey(noticeId), ConsistentRead: true }),
    )
    return Item === undefined ? undefined : noticeItemSchema.parse(Item)
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

  async function write(noticeId: string, set: Partial<NoticeItem>, revision: number): Promise<Notice | undefined> {
    const entries = Object.entries({ ...set, revision: revision + 1 })
    const assigned = entries.filter(([, value]) => value !== undefined)
    const removed = entries.filter(([, value]) => value === undefined)
    const assignments = assigned.map(([name]) => `#${name} = :${name}`).join(', ')
    const removals = removed.length > 0 ? ` REMOVE ${removed.map(([name]) => `#${name}`).join(', ')}` : ''
    return client
      .send(
        new UpdateCommand({
          TableName: tableName,
          Key: noticeKey(noticeId),
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
      .then(({ Attributes }) => noticeIn(noticeItemSchema.parse(Attributes)), whenConditionFails(undefined))
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
    for await (const item of queryItems(client, query)) notices.push(noticeIn(noticeItemSchema.parse(item)))
    return notices
  }

  return {
    create: async notice => {
      const changeToken = randomId(random, TOKEN_LENGTH)
      const Item = { ...noticeKey(notice.noticeId), ...notice, revision: 0, changeToken }
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
    ...dynamoTally(client, tableName),
    stopAll,
  }
}
