import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { whenConditionFails } from '../runtime/document-client.ts'
import type { Tally } from './notice.ts'
import { noticeIn, noticeItemSchema, noticeKey } from './notice-item.ts'
import type { NoticeStore } from './notice-store.ts'

/** The counts of a notice that its item caches, and how far the dispatcher has seen it come. None of them is the truth. */
export function dynamoTally(
  client: DynamoDBDocumentClient,
  tableName: string,
): Pick<NoticeStore, 'addToTally' | 'refreshTally' | 'recordProgress' | 'recordFeed'> {
  /** `sign` is '+' to add to the cached sums, '' to replace them. */
  function tallyUpdate(noticeId: string, tally: Tally, batchesDone: number, sign: '' | '+') {
    const counted = Object.entries({ ...tally, batchesDone })
    const path = (name: string) => (name === 'batchesDone' ? '#batchesDone' : `tally.#${name}`)
    const assignments = counted.map(([name]) => `${path(name)} = ${sign && `${path(name)} + `}:${name}`)
    return {
      TableName: tableName,
      Key: noticeKey(noticeId),
      UpdateExpression: `SET ${assignments.join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(counted.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(counted.map(([name, value]) => [`:${name}`, value])),
    } as const
  }

  return {
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
      return noticeIn(noticeItemSchema.parse(Attributes))
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
    recordFeed: async ({ noticeId, run, feed: asRead }, feed) =>
      client
        .send(
          new UpdateCommand({
            TableName: tableName,
            Key: noticeKey(noticeId),
            UpdateExpression: 'SET feed = :feed',
            ConditionExpression: `#run = :run AND ${asRead === undefined ? 'attribute_not_exists(feed)' : 'feed.atMs = :asRead'}`,
            ExpressionAttributeNames: { '#run': 'run' },
            ExpressionAttributeValues: {
              ':feed': feed,
              ':run': run,
              ...(asRead !== undefined && { ':asRead': asRead.atMs }),
            },
          }),
        )
        .then(() => true, whenConditionFails(false)),
    recordProgress: async (noticeId, progress) => {
      await client
        .send(
          new UpdateCommand({
            TableName: tableName,
            Key: noticeKey(noticeId),
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
