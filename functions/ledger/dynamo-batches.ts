import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { queryItems, whenConditionFails } from '../runtime/document-client.ts'
import { type BatchRow, batchRowSchema } from './batch.ts'
import { batchTransitions, type RowState } from './batch-states.ts'
import { claimability, claimedRow } from './lease.ts'
import type { BatchChange, LeaseHolder, LedgerStore } from './ledger-store.ts'

const itemSchema = batchRowSchema.extend({ pk: z.string(), sk: z.string() })

const partition = (noticeId: string) => `NOTICE#${noticeId}`
const key = (noticeId: string, batch: number) => ({
  pk: partition(noticeId),
  sk: `BATCH#${String(batch).padStart(8, '0')}`,
})

const everyBatch = { first: 0, last: 99_999_999 }

/** Clauses of the conditions, each one fact about the row as it lies in the table. */
const clause = {
  neverClaimed: 'attribute_not_exists(pk)',
  asRead: '#owner = :ownerAsRead AND #state = :stateAsRead AND claimableAtMs = :claimableAsRead',
  mine: '#owner = :owner',
  from: '#state = :from',
  noNewerFeedback: 'feedbackVersion = :feedbackVersion',
} as const

type BatchStore = Omit<LedgerStore, 'putFacts' | 'readFacts'>

/**
 * Batch rows in the `notices` table, beside their notice. A row is made by the first claim. A claim whose answer was lost
 * finds its own owner token in the row and counts as a success, so that a retry never adds an attempt.
 */
export function dynamoBatches(client: DynamoDBDocumentClient, tableName: string): BatchStore {
  async function readBatch(noticeId: string, batch: number): Promise<BatchRow | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: key(noticeId, batch), ConsistentRead: true }),
    )
    return Item === undefined ? undefined : parseItem(Item)
  }

  /** Writes the claim if the row still is `previous`. */
  async function putClaim(row: BatchRow, previous: BatchRow | undefined): Promise<boolean> {
    return client
      .send(
        new PutCommand({
          TableName: tableName,
          Item: { ...key(row.noticeId, row.batch), ...row },
          ...(previous === undefined
            ? { ConditionExpression: clause.neverClaimed }
            : {
                ConditionExpression: `${clause.asRead} AND ${clause.noNewerFeedback}`,
                ExpressionAttributeNames: { '#owner': 'owner', '#state': 'state' },
                ExpressionAttributeValues: {
                  ':ownerAsRead': previous.owner,
                  ':stateAsRead': previous.state,
                  ':claimableAsRead': previous.claimableAtMs,
                  ':feedbackVersion': previous.feedbackVersion,
                },
              }),
        }),
      )
      .then(() => true, whenConditionFails(false))
  }

  /** One change of a row that is in a state from which it may happen, and, where these are given, of this owner and version. */
  async function change(
    action: 'renew' | 'release' | 'finish' | 'recount',
    { noticeId, batch, owner }: Pick<LeaseHolder, 'noticeId' | 'batch'> & { readonly owner?: string },
    set: Readonly<Record<string, unknown>>,
    feedbackVersion?: number,
  ): Promise<boolean> {
    const {
      from: [from],
      to,
    } = batchTransitions[action]
    const assigned = Object.entries({ ...set, state: to }).filter(([, value]) => value !== undefined)
    const names = [...assigned.map(([name]) => name), ...(owner === undefined ? [] : ['owner'])]
    const conditions = [
      clause.from,
      ...(owner === undefined ? [] : [clause.mine]),
      ...(feedbackVersion === undefined ? [] : [clause.noNewerFeedback]),
    ]
    return client
      .send(
        new UpdateCommand({
          TableName: tableName,
          Key: key(noticeId, batch),
          UpdateExpression: `SET ${assigned.map(([name]) => `#${name} = :${name}`).join(', ')}`,
          ConditionExpression: conditions.join(' AND '),
          ExpressionAttributeNames: Object.fromEntries(names.map(name => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(assigned.map(([name, value]) => [`:${name}`, value])),
            ':from': from,
            ...(owner !== undefined && { ':owner': owner }),
            ...(feedbackVersion !== undefined && { ':feedbackVersion': feedbackVersion }),
          },
        }),
      )
      .then(() => true, whenConditionFails(false))
  }

  /** Why a change did not hold: somebody else's lease, a newer feedback, or our own earlier success. */
  async function explain(holder: LeaseHolder, reached: RowState): Promise<BatchChange> {
    const row = await readBatch(holder.noticeId, holder.batch)
    if (row === undefined || row.owner !== holder.owner) return { kind: 'lost' }
    if (row.state === 'leased') return { kind: 'feedback', row }
    return row.state === reached ? { kind: 'changed' } : { kind: 'lost' }
  }

  return {
    claim: async claim => {
      const first = claimedRow(claim, undefined)
      if (await putClaim(first, undefined)) return { kind: 'claimed', row: first, previous: undefined }
      const previous = await readBatch(claim.noticeId, claim.batch)
      if (previous?.owner === claim.owner) return { kind: 'claimed', row: previous, previous: undefined }
      const found = claimability(previous, claim)
      if (found.kind !== 'claimable') return found
      const row = claimedRow(claim, previous)
      if (await putClaim(row, previous)) return { kind: 'claimed', row, previous }
      const taken = await readBatch(claim.noticeId, claim.batch)
      if (taken?.owner === claim.owner) return { kind: 'claimed', row: taken, previous }
      const now = claimability(taken, claim)
      // Still claimable: something else of the row has changed. The pointer comes again at once.
      return now.kind === 'claimable' ? { kind: 'held', claimableAtMs: claim.nowMs } : now
    },

    renew: async (holder, renewal) =>
      (await change('renew', holder, { ...renewal, vanished: [] })) ? { kind: 'changed' } : { kind: 'lost' },

    finish: async (holder, progress, feedbackVersion) =>
      (await change('finish', holder, { ...progress, vanished: [], claimableAtMs: 0 }, feedbackVersion))
        ? { kind: 'changed' }
        : explain(holder, 'done'),

    release: async (holder, progress, claimableAtMs) =>
      (await change('release', holder, { ...progress, vanished: [], claimableAtMs }))
        ? { kind: 'changed' }
        : explain(holder, 'open'),

    readBatch,

    readBatches: async function* (noticeId, { first, last } = everyBatch) {
      const query = {
        TableName: tableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: {
          ':pk': partition(noticeId),
          ':first': key(noticeId, first).sk,
          ':last': key(noticeId, last).sk,
        },
      }
      for await (const item of queryItems(client, query)) yield parseItem(item)
    },

    announceFeedback: async (noticeId, batch) =>
      client
        .send(
          new UpdateCommand({
            TableName: tableName,
            Key: key(noticeId, batch),
            UpdateExpression: 'SET feedbackVersion = feedbackVersion + :one',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':one': 1 },
            ReturnValues: 'ALL_NEW',
          }),
        )
        .then(({ Attributes }) => parseItem(Attributes), whenConditionFails(undefined)),

    recount: async (noticeId, batch, counts, feedbackVersion) => {
      if (await change('recount', { noticeId, batch }, { ...counts }, feedbackVersion)) return { kind: 'changed' }
      const row = await readBatch(noticeId, batch)
      return row === undefined ? { kind: 'lost' } : { kind: 'feedback', row }
    },
  }
}

function parseItem(item: unknown): BatchRow {
  const { pk: _, sk: __, ...row } = itemSchema.parse(item)
  return row
}
