import { createHash } from 'node:crypto'
import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { Clock } from '../runtime/clock.ts'
import { Defect } from '../runtime/defect.ts'
import { queryItems } from '../runtime/document-client.ts'
import { type Fact, factSchema, latestTellings } from './delivery.ts'
import type { LedgerStore } from './ledger-store.ts'

const DAY_SECONDS = 86_400
/** BatchWriteItem takes at most 25 puts. */
const PUTS_PER_CALL = 25
/** DynamoDB bills by the kilobyte: a row of each fact would cost six times as much. A row has at most 400 KB. */
const FACTS_PER_ROW = 25
const ATTEMPTS = 8
const FIRST_PAUSE_MS = 25

const rowSchema = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  expiresAt: z.number(),
  facts: z.array(z.record(z.string(), z.unknown())),
})

const partition = (noticeId: string, batch: number) => `NOTICE#${noticeId}#${batch}`

/**
 * Facts in the `deliveries` table: one partition a batch, and in it rows of facts that were written together, each under the
 * digest of what it holds. Plain puts, so that a repeated write changes nothing; a fact that lies in several rows is one fact,
 * as of the latest. Rows expire by TTL.
 */
export function dynamoFacts(
  client: DynamoDBDocumentClient,
  { tableName, retentionDays, clock }: { tableName: string; retentionDays: number; clock: Clock },
): Pick<LedgerStore, 'putFacts' | 'readFacts'> {
  /** What the keys say is not repeated in the row. */
  function toRow(pk: string, facts: readonly Fact[]) {
    const kept = facts.map(({ noticeId: _, batch: __, ...fact }) => fact)
    const sk = createHash('sha256').update(JSON.stringify(kept)).digest('base64url').slice(0, 22)
    const lastMs = Math.max(...facts.map(({ atMs }) => atMs))
    return { pk, sk, expiresAt: Math.floor(lastMs / 1000) + retentionDays * DAY_SECONDS, facts: kept }
  }

  async function putRows(rows: readonly z.infer<typeof rowSchema>[]): Promise<void> {
    let requests: Record<string, unknown>[] = rows.map(Item => ({ PutRequest: { Item } }))
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await clock.sleep(FIRST_PAUSE_MS * 2 ** attempt)
      const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }))
      requests = UnprocessedItems?.[tableName] ?? []
      if (requests.length === 0) return
    }
    throw new Defect(
      'deliveries-throttled',
      `${requests.length} rows of facts could not be written in ${ATTEMPTS} attempts`,
    )
  }

  return {
    putFacts: async facts => {
      const byBatch = Map.groupBy(facts, ({ noticeId, batch }) => partition(noticeId, batch))
      const rows = byBatch
        .entries()
        .flatMap(([pk, known]) => inGroups(latestTellings(known), FACTS_PER_ROW).map(group => toRow(pk, group)))
      await Promise.all(inGroups([...rows], PUTS_PER_CALL).map(putRows))
    },

    ...dynamoFactReader(client, tableName),
  }
}

/** For a room that only looks. */
export function dynamoFactReader(client: DynamoDBDocumentClient, tableName: string): Pick<LedgerStore, 'readFacts'> {
  return {
    readFacts: async (noticeId, batch) => {
      const facts: Fact[] = []
      const query = {
        TableName: tableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': partition(noticeId, batch) },
      }
      for await (const item of queryItems(client, query)) {
        for (const fact of rowSchema.parse(item).facts) facts.push(factSchema.parse({ noticeId, batch, ...fact }))
      }
      return latestTellings(facts)
    },
  }
}

function inGroups<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, group) => all.slice(group * size, (group + 1) * size))
}
