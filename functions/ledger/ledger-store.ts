import type { Tally } from '../notice/notice.ts'
import type { BatchRow } from './batch.ts'
import type { Fact } from './delivery.ts'

export interface BatchClaim {
  readonly noticeId: string
  readonly run: number
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
  | { kind: 'claimed'; row: BatchRow; previous: BatchRow | undefined }
  | { kind: 'done' }
  /** Somebody holds it, or its doubt is still settling: not before `claimableAtMs`. */
  | { kind: 'held'; claimableAtMs: number }

/** What a sender knows of its batch when it finishes it or gives it back. */
export interface BatchProgress {
  readonly tally: Tally
  readonly firstAcceptedAtMs: number | undefined
  readonly lastAcceptedAtMs: number | undefined
  readonly throttles: number
}

/** Only the holder of the lease changes a batch. `lost`: another has claimed it since; `feedback`: a newer fact came, sum again. */
export type BatchChange = { kind: 'changed' } | { kind: 'lost' } | { kind: 'feedback'; row: BatchRow }

export interface LeaseHolder {
  readonly noticeId: string
  readonly batch: number
  readonly owner: string
}

/** Batch rows and deliveries. Every batch change is one conditional write; facts are plain puts that repeat harmlessly. */
export interface LedgerStore {
  claim(claim: BatchClaim): Promise<ClaimResult>
  renew(holder: LeaseHolder, claimableAtMs: number): Promise<BatchChange>
  finish(holder: LeaseHolder, progress: BatchProgress, feedbackVersion: number): Promise<BatchChange>
  release(holder: LeaseHolder, progress: BatchProgress, claimableAtMs: number): Promise<BatchChange>
  readBatch(noticeId: string, batch: number): Promise<BatchRow | undefined>
  /** Every row of a notice, strongly consistent, in batch order. */
  readBatches(noticeId: string): AsyncIterable<BatchRow>
  putFacts(facts: readonly Fact[]): Promise<void>
  /** Every fact of one batch, strongly consistent. */
  readFacts(noticeId: string, batch: number): Promise<readonly Fact[]>
  /** Announces a bounce, complaint or reject of the batch. Returns the row as it is now; undefined when never claimed. */
  announceFeedback(noticeId: string, batch: number): Promise<BatchRow | undefined>
  /** Replaces the tally of a done batch. `feedback` when a newer fact came meanwhile: sum again. */
  recount(noticeId: string, batch: number, tally: Tally, feedbackVersion: number): Promise<BatchChange>
}
