import type { BatchRow } from '../ledger/batch.ts'
import type { Notice } from '../notice/notice.ts'
import { orderBatches } from './order-batches.ts'

/** Why a dispatch looks at a notice: its run has just begun, or the minute has come round. */
export type DispatchCause = 'run-began' | 'minute'

/** With no batch claimed or finished for this long, the queue is taken to have lost its pointers. */
export const QUIET_MS = 60_000

/** The dispatcher comes round once in this time. */
const MINUTE_MS = 60_000

/** A pointer to queue, and how long the queue is to hold it back. */
export interface DispatchedBatch {
  readonly batch: number
  readonly delayMs: number
}

/**
 * Which batches the queue is to get, so that it holds every batch of this run that is not done. A pointer too many costs one
 * refused claim, so doubt goes towards queueing: at the beginning of a run everything that is not done; later what a sender
 * holds that will be claimable before the next minute, since a living one keeps renewing; and everything unfinished when
 * nothing has moved for a while.
 */
export function planDispatch(
  notice: Notice,
  batches: number,
  rows: ReadonlyMap<number, BatchRow>,
  cause: DispatchCause,
  nowMs: number,
): readonly DispatchedBatch[] {
  const quiet = nowMs - lastMovedMs(notice, rows, nowMs) > QUIET_MS
  return orderBatches(notice.noticeId, batches).flatMap(batch => {
    const row = rows.get(batch)
    if (row === undefined) return cause === 'run-began' || quiet ? [{ batch, delayMs: 0 }] : []
    if (row.state === 'done') return []
    const delayMs = Math.max(0, row.claimableAtMs - nowMs)
    const abandoned = row.state === 'leased' && delayMs < MINUTE_MS
    return cause === 'run-began' || abandoned || (quiet && delayMs === 0) ? [{ batch, delayMs }] : []
  })
}

/** When a batch was last finished, or might still have been worked on: a lease counts until its batch can be claimed again. */
function lastMovedMs(notice: Notice, rows: ReadonlyMap<number, BatchRow>, nowMs: number): number {
  let last = notice.progressAtMs ?? 0
  for (const { state, claimableAtMs } of rows.values()) {
    if (state === 'leased') last = Math.max(last, Math.min(nowMs, claimableAtMs))
  }
  return last
}
