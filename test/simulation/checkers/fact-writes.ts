import type { ExchangeEntry, History } from '../history.ts'
import { stack } from '../rooms.ts'
import type { SesCall } from './ses-calls.ts'

export interface FactWrites {
  /** When a message was first known to the ledger, by SES's answer or by an event; Infinity when it never was. */
  knownAtMs(messageId: string): number
}

const known = new WeakMap<History, FactWrites>()
const MESSAGE_ID = /"messageId":\{"S":"([^"]+)"\}/g

/** What was written to the deliveries table, and when. */
export function factWrites(history: History): FactWrites {
  const before = known.get(history)
  if (before !== undefined) return before
  const firstMs = new Map<string, number>()
  for (const entry of history.entries) {
    if (entry.kind !== 'exchange' || entry.operation !== 'BatchWriteItem' || entry.served?.status !== 200) continue
    const left = new Set(messageIdsIn(entry.served.body))
    for (const messageId of messageIdsIn(entry.request.body)) {
      const atMs = entry.arrivedAtMs ?? Number.POSITIVE_INFINITY
      if (!left.has(messageId))
        firstMs.set(messageId, Math.min(atMs, firstMs.get(messageId) ?? Number.POSITIVE_INFINITY))
    }
  }
  const writes: FactWrites = { knownAtMs: messageId => firstMs.get(messageId) ?? Number.POSITIVE_INFINITY }
  known.set(history, writes)
  return writes
}

const messageIdsIn = (body: Uint8Array) =>
  [...Buffer.from(body).toString().matchAll(MESSAGE_ID)].map(([, id]) => id ?? '')

/** When the process that made a call last began to read the facts of its batch; when it made the call, if it never did. */
export function lastLookAtMs({ entries }: History, { entry, noticeId, batch }: SesCall): number {
  const partition = `"NOTICE#${noticeId}#${batch}"`
  const isLook = (other: ExchangeEntry) =>
    other.process === entry.process &&
    other.operation === 'Query' &&
    other.arrivedAtMs !== undefined &&
    other.arrivedAtMs <= entry.atMs &&
    includes(other, stack.deliveriesTable) &&
    includes(other, partition)
  const look = entries.findLast(other => other.kind === 'exchange' && isLook(other))
  return look?.kind === 'exchange' ? (look.arrivedAtMs ?? entry.atMs) : entry.atMs
}

const includes = ({ request }: ExchangeEntry, text: string) => Buffer.from(request.body).toString().includes(text)
