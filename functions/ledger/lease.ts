import { emptyTally } from '../notice/notice.ts'
import type { BatchRow } from './batch.ts'
import type { BatchClaim, BatchProgress } from './ledger-store.ts'

/** Whether others may claim the batch: it is not done, and neither a lease nor a settling doubt stands against it. */
export function claimable(row: BatchRow, nowMs: number): boolean {
  return row.state !== 'done' && row.claimableAtMs <= nowMs
}

/**
 * The row of a new claim. Should the holder die, the lease ends after `leaseMs` and its doubt needs `settleDelayMs` more in
 * which SEND events come in, so the next claim waits for both.
 */
export function claimedRow(claim: BatchClaim, previous: BatchRow | undefined): BatchRow {
  return {
    noticeId: claim.noticeId,
    batch: claim.batch,
    state: 'leased',
    run: claim.run,
    attempt: (previous?.attempt ?? 0) + 1,
    owner: claim.owner,
    size: claim.size,
    claimableAtMs: leaseEndMs(claim.nowMs, claim.leaseMs, claim.settleDelayMs),
    tally: previous?.tally ?? emptyTally,
    firstAcceptedAtMs: previous?.firstAcceptedAtMs,
    lastAcceptedAtMs: previous?.lastAcceptedAtMs,
    throttles: previous?.throttles ?? 0,
    feedbackVersion: previous?.feedbackVersion ?? 0,
  }
}

export function leaseEndMs(nowMs: number, leaseMs: number, settleDelayMs: number): number {
  return nowMs + leaseMs + settleDelayMs
}

/** Whether the previous holder vanished with its lease, so that what it did last is unknown. */
export function endedInDoubt(previous: BatchRow | undefined): boolean {
  return previous?.state === 'leased'
}

export function withProgress(
  row: BatchRow,
  state: 'open' | 'done',
  progress: BatchProgress,
  claimableAtMs: number,
): BatchRow {
  return { ...row, ...progress, state, claimableAtMs }
}
