import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { Clock } from '../runtime/clock.ts'
import { Defect } from '../runtime/defect.ts'
import { queryItems } from '../runtime/document-client.ts'
import { type Fact, factId, factSchema } from './delivery.ts'
import type { LedgerStore } from './ledger-store.ts'

const DAY_SECONDS = 86_400
/** BatchWriteItem takes at most 25 puts. */
const PUTS_PER_CALL = 25
const ATTEMPTS = 8
const FIRST_PAUSE_MS = 25

const itemSchema = z.looseObject({ pk: z.string(), sk: z.string(), expiresAt: z.number() })

const partition = (noticeId: string, batch: number) => `NOTICE#${noticeId}#${batch}`

/**
 * Facts in the `deliveries` table: one partition a batch, one row a fact, found by recipient key, attempt and kind. Plain puts, so that
 * a repeated write changes nothing; rows expire by TTL.
 */
export function dynamoFacts(
  client: DynamoDBDocumentClient,
  { tableName, retentionDays, clock }: { tableName: string; retentionDays: number; clock: Clock },
): Pick<LedgerStore, 'putFacts' | 'readFacts'> {
  /** What the keys say is not repeated in the row. */
  const toItem = ({ noticeId, batch, recipientKey, attempt, fact, ...rest }: Fact) => ({
    pk: partition(noticeId, batch),
    sk: factId({ recipientKey, attempt, fact }),
    expiresAt: Math.floor(rest.atMs / 1000) + retentionDays * DAY_SECONDS,
    ...rest,
  })

  async function putGroup(facts: readonly Fact[]): Promise<void> {
    let requests: Record<string, unknown>[] = facts.map(fact => ({ PutRequest: { Item: toItem(fact) } }))
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await clock.sleep(FIRST_PAUSE_MS * 2 ** attempt)
      const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }))
      requests = UnprocessedItems?.[tableName] ?? []
      if (requests.length === 0) return
    }
    throw new Defect('deliveries-throttled', `${requests.length} facts could not be written in ${ATTEMPTS} attempts`)
  }

  return {
    putFacts: async facts => {
      // One call must not name the same row twice; of equal rows the last is the one that counts.
      const rows = [...new Map(facts.map(fact => [`${toItem(fact).pk} ${toItem(fact).sk}`, fact])).values()]
      const groups = Array.from({ length: Math.ceil(rows.length / PUTS_PER_CALL) }, (_, group) =>
        rows.slice(group * PUTS_PER_CALL, (group + 1) * PUTS_PER_CALL),
      )
      await Promise.all(groups.map(putGroup))
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
      for await (const item of queryItems(client, query)) facts.push(parseItem(item, noticeId, batch))
      return facts
    },
  }
}

function parseItem(item: unknown, noticeId: string, batch: number): Fact {
  const { pk: _, sk, expiresAt: __, ...rest } = itemSchema.parse(item)
  const [recipientKey, attempt, fact] = sk.split('#')
  return factSchema.parse({ noticeId, batch, recipientKey, attempt: Number(attempt), fact, ...rest })
}
