import { type BatchRow, concernedBy, isDone, type RetryOf } from '../ledger/batch.ts'
import { settled } from '../ledger/counts.ts'
import type { Feed, Notice } from '../notice/notice.ts'
import type { BatchSlice } from '../recipient/audience.ts'
import { SILENCE_MS } from './lost-pointers.ts'
import { orderBatches } from './order-batches.ts'

/** The name of the main lane in records by lane. */
export const MAIN_LANE = ''

/** What is left of one lane of a notice. Counts are of recipients, unless they say otherwise. */
export interface LaneWork {
  /** Batches in the order of dispatch, which is random, and always the same for the same notice. */
  readonly order: readonly number[]
  /** How many of them were fed to the queue at least once in this turn. */
  readonly queued: number
  /** Of those: not done. With what senders still hold of an earlier turn or run. */
  readonly inFlight: number
  readonly batchesInFlight: number
  /** Of those: not in the hands of a living sender. */
  readonly waiting: number
  /** Not done, and held back for no time to come. */
  readonly runnable: number
}

export type Workload = ReadonlyMap<string, LaneWork>

/** A notice as far as its work goes. */
export interface Work {
  readonly notice: Notice
  readonly slices: readonly BatchSlice[]
  readonly rows: ReadonlyMap<number, BatchRow>
}

/** The feed of the present run; undefined before its first. */
export function presentFeed({ run, feed }: Notice): Feed | undefined {
  return feed?.run === run ? feed : undefined
}

export function measureWork({ notice, slices, rows }: Work, nowMs: number): Workload {
  const queued = presentFeed(notice)?.queued ?? {}
  const orders = ordersOfLanes(notice, slices)
  const works = new Map<string, LaneWork>()
  for (const [lane, order] of orders) {
    const fed = Math.min(queued[lane] ?? 0, order.length)
    const work = { inFlight: 0, batchesInFlight: 0, waiting: 0, runnable: 0 }
    for (const [place, batch] of order.entries()) {
      const row = rows.get(batch)
      if (row !== undefined && isDone(row, notice)) continue
      const left = recipientsLeft(slices[batch], row, notice)
      const inHand = inLivingHands(row, nowMs)
      if (place < fed || inHand) {
        work.inFlight += left
        work.batchesInFlight++
        if (!inHand) work.waiting += left
      }
      if (!heldBack(row, nowMs)) work.runnable += left
    }
    works.set(lane, { order, queued: fed, ...work })
  }
  return works
}

function ordersOfLanes({ noticeId }: Notice, slices: readonly BatchSlice[]): ReadonlyMap<string, readonly number[]> {
  return Map.groupBy(orderBatches(noticeId, slices.length), batch => slices[batch]?.lane ?? MAIN_LANE)
}

/** The batches that were queued at least once in this turn. */
export function fedBatches(notice: Notice, slices: readonly BatchSlice[]): readonly number[] {
  const queued = presentFeed(notice)?.queued ?? {}
  return ordersOfLanes(notice, slices)
    .entries()
    .flatMap(([lane, order]) => order.slice(0, queued[lane] ?? 0))
    .toArray()
}

/** Over all lanes. */
export function sumWork(works: Workload, what: 'inFlight' | 'runnable'): number {
  return works.values().reduce((sum, work) => sum + work[what], 0)
}

export function inLivingHands(row: BatchRow | undefined, nowMs: number): boolean {
  return row?.state === 'leased' && nowMs - row.aliveAtMs < SILENCE_MS
}

/** Those of a batch who may still be sent to, as of its last claim: whoever is in doubt perhaps once more. */
export function recipientsLeft(slice: BatchSlice | undefined, row: BatchRow | undefined, retry: RetryOf): number {
  const size = slice?.size ?? 0
  if (row === undefined) return size
  // A retry opens batches whose recipients all have a fate, for some of them.
  const again = retry.retryRun === undefined ? 0 : concernedBy(retry, row)
  return Math.max(1, size - settled({ ...row.tally, inDoubt: 0 }) + again)
}

function heldBack(row: BatchRow | undefined, nowMs: number): boolean {
  return row !== undefined && row.claimableAtMs > nowMs && !inLivingHands(row, nowMs)
}
