import type { BatchEffort, BatchRow, StopAccount } from './batch.ts'
import type { BatchCounts } from './counts.ts'
import type { Fact } from './delivery.ts'

export interface BatchClaim {
  readonly noticeId: string
  readonly run: number
  /** The run with which the notice's last retry began, if there was one. */
  readonly retryRun: number | undefined
  /** Whether that retry is also for those whose message the leak guard had refused. */
  readonly retryRejected?: boolean | undefined
  readonly batch: number
  readonly size: number
  /** Fresh for each claim, so that a retried call recognises its own success. */
  readonly owner: string
  readonly nowMs: number
  readonly leaseMs: number
  readonly settleDelayMs: number
}

export type ClaimResult =
  /** `previous` is the row as it was before; absent on the first claim. */
  | { readonly kind: 'claimed'; readonly row: BatchRow; readonly previous: BatchRow | undefined }
  | { readonly kind: 'done' }
  /** Somebody holds it, or its doubt is still settling: not before `claimableAtMs`. */
  | { readonly kind: 'held'; readonly claimableAtMs: number }

/** What a sender knows of its batch when it finishes it or gives it back. */
export interface BatchProgress extends BatchCounts, BatchEffort {
  readonly stop?: StopAccount | undefined
}

/**
 * A sign of life of the holder, which by then has written the doubts that earlier holders left. Nothing is sent to a recipient at or past `begun` before it
 * is written.
 */
export interface LeaseRenewal {
  readonly aliveAtMs: number
  readonly claimableAtMs: number
  readonly begun: number
}

/** Only the holder of the lease changes a batch. `lost`: another has claimed it since; `feedback`: a newer fact came, sum again. */
export type BatchChange =
  | { readonly kind: 'changed' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'feedback'; readonly row: BatchRow }

export interface LeaseHolder {
  readonly noticeId: string
  readonly batch: number
  readonly owner: string
}

/** Both ends included. */
export interface BatchRange {
  readonly first: number
  readonly last: number
}

/** Batch rows and deliveries. Every batch change is one conditional write; facts are plain puts that repeat harmlessly. */
export interface LedgerStore {
  claim(claim: BatchClaim): Promise<ClaimResult>
  renew(holder: LeaseHolder, renewal: LeaseRenewal): Promise<BatchChange>
  finish(holder: LeaseHolder, progress: BatchProgress, feedbackVersion: number): Promise<BatchChange>
  release(holder: LeaseHolder, progress: BatchProgress, claimableAtMs: number): Promise<BatchChange>
  readBatch(noticeId: string, batch: number): Promise<BatchRow | undefined>
  /** Every row of a notice, or of a range of its batches, strongly consistent, in batch order. */
  readBatches(noticeId: string, range?: BatchRange): AsyncIterable<BatchRow>
  putFacts(facts: readonly Fact[]): Promise<void>
  /** Every fact of one batch, strongly consistent. */
  readFacts(noticeId: string, batch: number): Promise<readonly Fact[]>
  /** Announces a fact that may change the counts. Returns the row as it is now; undefined when never claimed. */
  announceFeedback(noticeId: string, batch: number): Promise<BatchRow | undefined>
  /** Replaces the counts of a done batch. `feedback` when a newer fact came meanwhile: sum again. */
  recount(noticeId: string, batch: number, counts: BatchCounts, feedbackVersion: number): Promise<BatchChange>
}
