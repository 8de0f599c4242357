import { BATCH_SIZE } from '../recipient/recipient.ts'

/** Batches that one call of a sender takes, one closely after the other. As many as SQS gives at once. */
export const BATCHES_PER_CALL = 10

/** What a call costs besides its slots and the slowest answer: to be called, to claim, to read, to write the last outcomes. */
const AROUND_CALL_SECONDS = 0.4
/** One sends while another gets ready. */
const LEAST_SENDERS = 2

/**
 * Senders that keep the pacer busy. Each uses one window of slots at a time and is away once a call, while it waits for its
 * slowest answer and for its next call; twice that time's share of a call must be covered by others.
 */
export function enoughSenders(account: { readonly ratePerSecond: number; readonly slowestAnswerMs: number }): number {
  const awaySeconds = AROUND_CALL_SECONDS + account.slowestAnswerMs / 1000
  const callSeconds = (BATCHES_PER_CALL * BATCH_SIZE) / account.ratePerSecond
  return LEAST_SENDERS + Math.ceil((2 * awaySeconds) / callSeconds)
}
