import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type Clock, systemClock } from '../runtime/clock.ts'
import { dynamoBatches } from './dynamo-batches.ts'
import { dynamoFacts } from './dynamo-facts.ts'
import type { LedgerStore } from './ledger-store.ts'

export interface LedgerTables {
  readonly noticesTable: string
  readonly deliveriesTable: string
  readonly deliveryRetentionDays: number
}

/** The ledger over both tables: batches beside their notice, facts in `deliveries`. */
export function dynamoLedgerStore(
  client: DynamoDBDocumentClient,
  { noticesTable, deliveriesTable, deliveryRetentionDays }: LedgerTables,
  clock: Clock = systemClock,
): LedgerStore {
  return {
    ...dynamoBatches(client, noticesTable),
    ...dynamoFacts(client, { tableName: deliveriesTable, retentionDays: deliveryRetentionDays, clock }),
  }
}
