import type { BatchRow } from '../ledger/batch.ts'
import { emptyCounts } from '../ledger/counts.ts'
import { type BatchReader, batchReader, type DeliveryPorts, type WantedDeliveries } from './batch-deliveries.ts'
import { countMatching, type DeliveryFilter } from './delivery-filter.ts'
import type { DeliveryView } from './delivery-view.ts'
import type { Refusal } from './problems.ts'
import { audienceExpired } from './refusals.ts'

/** Batch rows that are looked at together. */
const ROWS_PER_READ = 500
/** Partitions that are read at the same time. */
const BATCHES_AT_ONCE = 16
/** Lambda answers with at most 6 MB, of a body whose quotes are escaped once more. */
const PAGE_BYTES_MAX = 3_000_000
/** Of the 30 seconds that API Gateway waits. */
const PAGE_MS_MAX = 10_000

export interface DeliveriesPage {
  readonly kind: 'page'
  readonly deliveries: readonly DeliveryView[]
  /** The batch at which to go on; undefined at the end. */
  readonly next: number | undefined
}

/**
 * The deliveries that match, batch by batch from one on: as many as one answer holds, or as time allows. Batches whose counts
 * say that nobody matches are not read.
 */
export async function listDeliveries(
  ports: DeliveryPorts,
  wanted: WantedDeliveries,
  from: number,
): Promise<DeliveriesPage | Refusal<'audience-expired'>> {
  const deadlineMs = ports.clock.now() + PAGE_MS_MAX
  const read = batchReader(ports, wanted)
  const deliveries: DeliveryView[] = []
  const page = (next: number | undefined) => ({ kind: 'page', deliveries, next }) as const
  let bytes = 0
  for await (const { batches, next } of batchesToRead(ports, wanted, from)) {
    const lists = await Promise.all(batches.map(read))
    for (const { batch, list } of lists) {
      if (list === 'expired') return audienceExpired(wanted.noticeId)
      bytes += JSON.stringify(list).length
      if (bytes > PAGE_BYTES_MAX && deliveries.length > 0) return page(batch)
      deliveries.push(...list)
    }
    if (next < wanted.audience.batches && ports.clock.now() >= deadlineMs) return page(next)
  }
  return page(undefined)
}

interface Wave {
  readonly batches: readonly Parameters<BatchReader>[0][]
  /** The first batch after those that the wave has settled. */
  readonly next: number
}

/** The batches that may hold somebody who matches, in order, as many at a time as are read together. */
async function* batchesToRead({ ledger }: DeliveryPorts, wanted: WantedDeliveries, from: number): AsyncGenerator<Wave> {
  const { noticeId, audience, filter } = wanted
  for (let first = from; first < audience.batches; first += ROWS_PER_READ) {
    const last = Math.min(first + ROWS_PER_READ, audience.batches) - 1
    const rows = new Map<number, BatchRow>()
    for await (const row of ledger.readBatches(noticeId, { first, last })) rows.set(row.batch, row)
    const batches = Array.from({ length: last - first + 1 }, (_, index) => first + index)
      .map(batch => ({ batch, row: rows.get(batch) }))
      .filter(({ row }) => mayMatch(filter, row))
    for (let done = 0; done < batches.length; done += BATCHES_AT_ONCE) {
      const wave = batches.slice(done, done + BATCHES_AT_ONCE)
      yield { batches: wave, next: batches[done + BATCHES_AT_ONCE]?.batch ?? last + 1 }
    }
    if (batches.length === 0) yield { batches: [], next: last + 1 }
  }
}

/** The counts of a batch are exact once it is done. A batch without a row has never been claimed. */
function mayMatch(filter: DeliveryFilter, row: BatchRow | undefined): boolean {
  if (row === undefined) return countMatching(filter, emptyCounts, 1) > 0
  return row.state !== 'done' || countMatching(filter, row, row.size) > 0
}
