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
import type { DispatchedBatch } from './plan-feed.ts'
import { inLivingHands, type LaneWork, type Work, type Workload } from './workload.ts'

/** Pointers queued again in one pass at most: a million recipients, more than any sender uses up until the next. */
export const MOST_PER_PASS = 10_000

export interface SearchMoment extends QueuePace {
  readonly nowMs: number
  /** How far back nobody has looked: the time since the pass before. */
  readonly lookBackMs: number
  /** What other notices have in the queue and in hand while their senders live: it may come before this one's pointers. */
  readonly othersBacklogMs: number
}

/**
 * Which of the batches that were fed seem to have lost their pointers, and are to be queued again: what a vanished sender held;
 * what was given back, or was overtaken by batches queued after it, longer ago than a living sender would keep a pointer; and
 * everything once nobody shows life. A pointer too many costs one refused claim.
 */
export function findLost(work: Work, workload: Workload, moment: SearchMoment): readonly DispatchedBatch[] {
  const { rows } = work
  const { nowMs } = moment
  const lost = [...workload].flatMap(([lane, of]) => findLostIn(of, work, moment).map(batch => ({ batch, lane })))
  return lost.slice(0, MOST_PER_PASS).map(pointer => {
    const claimableAtMs = rows.get(pointer.batch)?.claimableAtMs ?? 0
    return { ...pointer, delayMs: Math.max(0, claimableAtMs - nowMs) }
  })
}

/** The last sign of life that senders gave of a notice, by their own clocks. */
function lastLifeMs(notice: Notice, rows: ReadonlyMap<number, BatchRow>): number {
  let last = notice.progressAtMs ?? 0
  for (const { aliveAtMs } of rows.values()) last = Math.max(last, aliveAtMs)
  return last
}

/** Whether a sender that works on it has shown life of late. */
export function lives({ notice, rows }: Pick<Work, 'notice' | 'rows'>, nowMs: number): boolean {
  return nowMs - lastLifeMs(notice, rows) < SILENCE_MS
}

function findLostIn(
  { order, queued, inFlight }: LaneWork,
  { notice, rows }: Work,
  moment: SearchMoment,
): readonly number[] {
  const { nowMs, lookBackMs, othersBacklogMs } = moment
  const fed = order.slice(0, queued)
  const undone = fed.filter(batch => !batchDone(rows.get(batch), notice))
  const overtaken = overtakenSinceMs(fed, rows, notice.run)
  const lifeMs = lastLifeMs(notice, rows)
  const holdingMs = holdingTimeMs(moment)
  const backlogMs = queueingTimeMs(inFlight, moment)
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
    if (inLivingHands(row, nowMs)) return false
    const claimableAtMs = row?.claimableAtMs ?? 0
    const vanishedMs = row?.state === 'leased' ? nowMs - row.aliveAtMs - SILENCE_MS : undefined
    if (vanishedMs !== undefined && vanishedMs < lookBackMs) return true
    const claimedInRun = row?.run === notice.run
    const dueMs = claimedInRun ? claimableAtMs : Math.max(claimableAtMs, overtaken.get(batch) ?? 0)
    return outOf(behindBacklog, dueMs) || outOf(inQuiet, Math.max(claimableAtMs, lifeMs))
  })
}

function batchDone(row: BatchRow | undefined, notice: Notice): boolean {
  return row !== undefined && isDone(row, notice)
}
