import { BATCH_SIZE } from '../recipient/recipient.ts'

/** Batches that one call of a sender takes, one closely after the other. As many as SQS gives at once. */
export const BATCHES_PER_CALL = 10

/** Between two calls of a sender, besides its slowest answer: to write, to end, to be called again, to claim and to read. */
const BETWEEN_CALLS_SECONDS = 0.2
/** Lambda's least maximum concurrency of a queue. */
const LEAST_SENDERS = 2

/**
 * Senders that keep the pacer busy. Each has one window of slots at a time, a batch long, and is away once a call until its
 * slowest answer has come and the next call has begun. Senders that began together are away together, one window after the
 * other: the windows of the others must last until the first is back.
 */
export function enoughSenders(account: { readonly ratePerSecond: number; readonly slowestAnswerMs: number }): number {
  const awaySeconds = BETWEEN_CALLS_SECONDS + account.slowestAnswerMs / 1000
  const windowSeconds = BATCH_SIZE / account.ratePerSecond
  // Rounded first: 0.6 / 0.2 is a little more than 3.
  return Math.max(LEAST_SENDERS, 1 + Math.ceil(Number((awaySeconds / windowSeconds).toFixed(6))))
}
