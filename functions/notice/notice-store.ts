import type { Audience } from '../recipient/audience.ts'
import type { AccountStop } from './account-stop.ts'
import type { Leak, LeakWord } from './leak.ts'
import type { Feed, Notice, Pace, PlainStopReason, Progress, Tally } from './notice.ts'
import type { NoticeState } from './notice-states.ts'

export type ChangeResult =
  | { kind: 'changed'; notice: Notice }
  /** The notice was not in a state (or of a run) that allows the change; it is as it was. */
  | { kind: 'conflict'; notice: Notice }
  | { kind: 'missing' }

/** Who lets a notice go, how fast, and what they say of a refusal by the leak guard. */
export interface RunOrder {
  readonly by: string
  readonly pace: Pace
  /** Without it, a notice of which a message was refused does not go again. */
  readonly word?: LeakWord | undefined
}

export interface RetryOrder extends RunOrder {
  /** Also to those whose message was refused: nothing has left for them. Only with a word. */
  readonly rejected?: boolean
}

/**
 * Notices. Every change is one conditional write: a repeated or late call either finds its own work done or is refused.
 * Reads are strongly consistent, but for the lists; all of them show a notice as stopped from the moment all were. Who did what is in the notice's history, by the same write.
 */
export interface NoticeStore {
  create(notice: Notice): Promise<void>
  read(noticeId: string): Promise<Notice | undefined>
  /** Newest first. */
  list(state?: NoticeState): Promise<readonly Notice[]>
  /** A new upload slot: replaces the audience and returns the notice to draft. */
  expectAudience(noticeId: string, audienceId: string, by: string, nowMs: number): Promise<ChangeResult>
  /** Records what became of an upload. A conflict means that a newer upload has taken its place. */
  recordAudience(noticeId: string, audience: Audience): Promise<ChangeResult>
  approve(noticeId: string, approval: NonNullable<Notice['approval']>): Promise<ChangeResult>
  start(noticeId: string, order: RunOrder, nowMs: number): Promise<ChangeResult>
  stop(noticeId: string, reason: PlainStopReason, nowMs: number): Promise<ChangeResult>
  /** The leak guard has refused a message. A conflict when that is known, or was accounted for: nothing is left to be done. */
  stopLeaking(noticeId: string, leak: Leak, nowMs: number): Promise<ChangeResult>
  resume(noticeId: string, order: RunOrder, nowMs: number): Promise<ChangeResult>
  /** Sends a finished notice again to those who failed for a passing reason, as the next run. */
  retry(noticeId: string, order: RetryOrder, nowMs: number): Promise<ChangeResult>
  /** Stops every notice of the account that is being sent, in one write. A repeated call stops what was started since. */
  stopAll(reason: PlainStopReason, nowMs: number): Promise<AccountStop>
  /** Ends a notice whose batches are all done, with the exact sums. A conflict when it is no longer of this run. */
  finish(noticeId: string, run: number, tally: Tally, batchesDone: number, nowMs: number): Promise<ChangeResult>
  /** Adds what finished or recounted batches brought. A cache: losing or repeating a call falsifies no end result. */
  addToTally(noticeId: string, added: Tally, batchesDone: number, nowMs: number): Promise<Notice>
  /**
   * Replaces the cached sums by those just computed from the batch rows, unless the notice has been counted on since it was
   * read: `notice` is as it was before the rows were read.
   */
  refreshTally(notice: Notice, tally: Tally, batchesDone: number): Promise<void>
  /** Replaces what is known of the notice's progress. Without effect once a newer run has begun. */
  recordProgress(noticeId: string, progress: Progress): Promise<void>
  /**
   * Replaces what is known of the feeding, as of the notice that was read. False when another dispatcher has fed it since, or
   * a newer run has begun.
   */
  recordFeed(notice: Notice, feed: Feed): Promise<boolean>
}
