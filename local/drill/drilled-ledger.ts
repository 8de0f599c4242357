import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { LeakRule } from '../../functions/leak-guard/rules.ts'
import { dynamoLedgerStore } from '../../functions/ledger/dynamo-ledger-store.ts'
import { localCredentials } from '../network-guard.ts'
import type { LocalStack } from '../stack.ts'

/** Messages that were refused for the same reason. */
export interface Refusals {
  readonly rule: LeakRule
  readonly field: string
  readonly excerpt: string
  readonly recipients: number
}

export interface RefusedMessages {
  readonly refusals: readonly Refusals[]
  readonly firstAtMs: number | undefined
}

/** What OnlyTo's own ledger says of a notice, read as its rooms read it. */
export function drilledLedger({ deployment, endpoints }: Pick<LocalStack, 'deployment' | 'endpoints'>) {
  const { environment = {} } = deployment.functions.find(({ room }) => room === 'sender') ?? {}
  const client = new DynamoDBClient({
    region: deployment.scope.region,
    credentials: localCredentials,
    endpoint: endpoints['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
  })
  const ledger = dynamoLedgerStore(DynamoDBDocumentClient.from(client), {
    noticesTable: environment['NOTICES_TABLE'] ?? '',
    deliveriesTable: environment['DELIVERIES_TABLE'] ?? '',
    deliveryRetentionDays: 1,
  })
  return {
    /** Batches that senders work on. */
    batchesAtWork: async (noticeId: string): Promise<number> =>
      (await Array.fromAsync(ledger.readBatches(noticeId))).filter(({ state }) => state === 'leased').length,

    /** When the last sender gave its batch back; undefined while one has not. */
    lastGivenBackAtMs: async (noticeId: string): Promise<number | undefined> => {
      const rows = await Array.fromAsync(ledger.readBatches(noticeId))
      if (rows.some(({ state }) => state === 'leased')) return undefined
      return rows.filter(({ state }) => state === 'open').reduce((last, row) => Math.max(last, row.claimableAtMs), 0)
    },

    readRefusals: async (noticeId: string): Promise<RefusedMessages> => {
      const found = new Map<string, Refusals>()
      let firstAtMs: number | undefined
      for await (const { batch } of ledger.readBatches(noticeId)) {
        for (const fact of await ledger.readFacts(noticeId, batch)) {
          if (fact.fact !== 'outcome' || fact.outcome.kind !== 'rejected') continue
          const { rule, field, excerpt } = fact.outcome
          const known = found.get(`${rule} ${field}`)
          found.set(`${rule} ${field}`, { rule, field, excerpt, recipients: (known?.recipients ?? 0) + 1 })
          firstAtMs = Math.min(firstAtMs ?? fact.atMs, fact.atMs)
        }
      }
      const refusals = [...found.values()].toSorted((a, b) => b.recipients - a.recipients)
      return { refusals, firstAtMs }
    },
  }
}

export type DrilledLedger = ReturnType<typeof drilledLedger>
