import { type BatchRow, isDone } from '../ledger/batch.ts'
import type { Notice } from '../notice/notice.ts'
import {
  holdingTimeMs,
  outOfPatience,
  overtakenSinceMs,
  type QueuePace,
  queueingTimeMs,
  SILENCE_MS,
} from './lost-pointers.ts'
import { orderBatches } from './order-batches.ts'

/** Why a dispatch looks at a notice: its run has just begun, or the dispatcher comes round. */
export type DispatchCause = 'run-began' | 'round'

/** Pointers queued again in one pass at most: a million recipients, more than any sender uses up until the next. */
export const MOST_PER_PASS = 10_000

/** A pointer to queue, and how long the queue is to hold it back. */
export interface DispatchedBatch {
  readonly batch: number
  readonly delayMs: number
}

export interface DispatchMoment extends QueuePace {
  readonly cause: DispatchCause
  readonly nowMs: number
  /** How far back nobody has looked: the time since the pass before. */
  readonly lookBackMs: number
  /** What other notices have in the queue and in hand while their senders live: it may come before this one's pointers. */
  readonly othersBacklogMs: number
}

/**
 * Which batches the queue is to get, so that it holds every batch of this run that is not done. At the beginning of a run:
 * all of them. Later what seems to have lost its pointer: what a vanished sender held; what was given back, or was overtaken
 * by batches queued after it, longer ago than a living sender would keep a pointer; and everything once nobody shows life.
 * A pointer too many costs one refused claim.
 */
export function planDispatch(
  notice: Notice,
  batches: number,
  rows: ReadonlyMap<number, BatchRow>,
  moment: DispatchMoment,
): readonly DispatchedBatch[] {
  const { cause, nowMs } = moment
  const order = orderBatches(notice.noticeId, batches)
  const undone = order.filter(batch => !batchDone(rows.get(batch), notice))
  const lost = cause === 'run-began' ? undone : findLost(notice, order, undone, rows, moment).slice(0, MOST_PER_PASS)
  return lost.map(batch => ({ batch, delayMs: Math.max(0, (rows.get(batch)?.claimableAtMs ?? 0) - nowMs) }))
}

/** The last sign of life that senders gave of a notice, by their own clocks. */
export function lastLifeMs(notice: Notice, rows: ReadonlyMap<number, BatchRow>): number {
  let last = notice.progressAtMs ?? 0
  for (const { aliveAtMs } of rows.values()) last = Math.max(last, aliveAtMs)
  return last
}

function findLost(
  notice: Notice,
  order: readonly number[],
  undone: readonly number[],
  rows: ReadonlyMap<number, BatchRow>,
  moment: DispatchMoment,
): readonly number[] {
  const { nowMs, lookBackMs, othersBacklogMs } = moment
  const overtaken = overtakenSinceMs(order, rows, notice.run)
  const lifeMs = lastLifeMs(notice, rows)
  const holdingMs = holdingTimeMs(moment)
  const backlogMs = queueingTimeMs(undone.length, moment)
  // A new pointer goes behind all that are queued: while they last there is no haste, and a late one may still come.
  const behindBacklog = {
    patienceMs: Math.max(holdingMs, backlogMs),
    patienceThenMs: Math.max(holdingMs, backlogMs + lookBackMs),
  }
  const inQuiet = {
    patienceMs: Math.max(SILENCE_MS, othersBacklogMs),
    patienceThenMs: Math.max(SILENCE_MS, othersBacklogMs > 0 ? othersBacklogMs + lookBackMs : 0),
  }
  const outOf = (patience: { patienceMs: number; patienceThenMs?: number }, sinceMs: number) =>
    outOfPatience({ waitedMs: nowMs - sinceMs, lookBackMs, ...patience })

  return undone.filter(batch => {
    const row = rows.get(batch)
    if (row !== undefined && inLivingHands(row, nowMs)) return false
    const claimableAtMs = row?.claimableAtMs ?? 0
    const vanishedMs = row?.state === 'leased' ? nowMs - row.aliveAtMs - SILENCE_MS : undefined
    if (vanishedMs !== undefined && vanishedMs < lookBackMs) return true
    const claimedInRun = row?.run === notice.run
    const dueMs = claimedInRun ? claimableAtMs : Math.max(claimableAtMs, overtaken.get(batch) ?? 0)
    return outOf(behindBacklog, dueMs) || outOf(inQuiet, Math.max(claimableAtMs, lifeMs))
  })
}

function batchDone(row: BatchRow | undefined, { retryRun }: Notice): boolean {
  return row !== undefined && isDone(row, retryRun)
}

function inLivingHands({ state, aliveAtMs }: BatchRow, nowMs: number): boolean {
  return state === 'leased' && nowMs - aliveAtMs < SILENCE_MS
}
