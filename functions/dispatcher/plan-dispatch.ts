import type { BatchRow } from '../ledger/batch.ts'
import type { Notice } from '../notice/notice.ts'
import { orderBatches } from './order-batches.ts'

/** Why a dispatch looks at a notice: its run has just begun, or the minute has come round. */
export type DispatchCause = 'run-began' | 'minute'

/** With no batch claimed or finished for this long, the queue is taken to have lost its pointers. */
export const QUIET_MS = 120_000

/**
 * Which batches the queue is to get, so that it holds every batch of this run that is not done. A pointer too many costs one
 * refused claim, so doubt goes towards queueing: at the beginning of a run everything that is not done; later what a sender
 * left unfinished past its time; and everything unfinished when nothing has moved for a while.
 */
export function planDispatch(
  notice: Notice,
  batches: number,
  rows: ReadonlyMap<number, BatchRow>,
  cause: DispatchCause,
  nowMs: number,
): readonly number[] {
  const lastMoved = Math.max(notice.progressAtMs ?? 0, ...[...rows.values()].map(lastClaimedMs))
  const quiet = nowMs - lastMoved > QUIET_MS
  return orderBatches(notice.noticeId, batches).filter(batch => {
    const row = rows.get(batch)
    if (row === undefined) return cause === 'run-began' || quiet
    if (row.state === 'done') return false
    return cause === 'run-began' || (row.claimableAtMs <= nowMs && (row.state === 'leased' || quiet))
  })
}

/** A row of a running lease counts as movement until its time has come. */
function lastClaimedMs(row: BatchRow): number {
  return row.state === 'leased' ? row.claimableAtMs : 0
}
