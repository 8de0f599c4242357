import { type BatchRow, emptyEffort, isDone } from './batch.ts'
import { allows } from './batch-states.ts'
import { emptyCounts } from './counts.ts'
import type { BatchClaim } from './ledger-store.ts'

/** What a claim finds: that it may take the batch, or why it may not. */
export type Claimability =
  | { readonly kind: 'claimable' }
  | { readonly kind: 'done' }
  | { readonly kind: 'held'; readonly claimableAtMs: number }

/** Whether a claim may take the batch: it is not done, and neither a lease nor a settling doubt stands against it. */
export function claimability(row: BatchRow | undefined, claim: BatchClaim): Claimability {
  if (row === undefined) return { kind: 'claimable' }
  if (isDone(row, claim)) return { kind: 'done' }
  // Done once, and opened by a retry: nobody holds it.
  if (allows('retry', row.state)) return { kind: 'claimable' }
  if (row.claimableAtMs > claim.nowMs) return { kind: 'held', claimableAtMs: row.claimableAtMs }
  return { kind: 'claimable' }
}

/**
 * The row of a new claim. Should the holder die, the lease ends after `leaseMs` and its doubt needs `settleDelayMs` more in
 * which SEND events come in, so the next claim waits for both.
 */
export function claimedRow(claim: BatchClaim, previous: BatchRow | undefined): BatchRow {
  return {
    ...emptyCounts,
    ...emptyEffort,
    retryAfter: 0,
    ...previous,
    ...(previous?.state === 'done' && { retryAfter: previous.attempt }),
    noticeId: claim.noticeId,
    batch: claim.batch,
    state: 'leased',
    run: claim.run,
    attempt: (previous?.attempt ?? 0) + 1,
    owner: claim.owner,
    size: claim.size,
    claimableAtMs: leaseEndMs(claim.nowMs, claim.leaseMs, claim.settleDelayMs),
    aliveAtMs: claim.nowMs,
    begun: 0,
    vanished: vanishedBefore(previous),
    // A recount that was read before this claim must not land on what comes after it.
    feedbackVersion: previous === undefined ? 0 : previous.feedbackVersion + 1,
    stop: undefined,
  }
}

export function leaseEndMs(nowMs: number, leaseMs: number, settleDelayMs: number): number {
  return nowMs + leaseMs + settleDelayMs
}

/**
 * The claims whose holders vanished, so that what they did last is unknown. Whoever claims after them may vanish as well
 * before it has written that down; so they stay in the row until somebody has.
 */
function vanishedBefore(previous: BatchRow | undefined): BatchRow['vanished'] {
  if (previous?.state !== 'leased') return []
  const { attempt, begun, aliveAtMs, vanished } = previous
  return begun === 0 ? vanished : [...vanished, { attempt, begun, aliveAtMs }]
}
