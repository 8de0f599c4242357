import { BATCH_SIZE } from '../recipient/recipient.ts'

/** How long SES may take over a call, as senders are planned for. */
export const PLANNED_SLOWEST_ANSWER_MS = 400

/** Between two calls of a sender, besides its slowest answer: to write, to end, to be called again, to claim and to read. */
const BETWEEN_CALLS_SECONDS = 0.2
/** Lambda's least maximum concurrency of a queue. */
const LEAST_SENDERS = 2

export interface SendersNeed {
  /** Of the account. */
  readonly ratePerSecond: number
  readonly slowestAnswerMs: number
}

/**
 * Senders that keep the pacer busy. Each has one window of slots at a time, a batch long, and is away once a call until its
 * slowest answer has come and the next call has begun. Senders that began together are away together, one window after the
 * other: the windows of the others must last until the first is back.
 */
export function enoughSenders({ ratePerSecond, slowestAnswerMs }: SendersNeed): number {
  const awaySeconds = BETWEEN_CALLS_SECONDS + slowestAnswerMs / 1000
  const windowSeconds = BATCH_SIZE / ratePerSecond
  // Rounded first: 0.6 / 0.2 is a little more than 3.
  return Math.max(LEAST_SENDERS, 1 + Math.ceil(Number((awaySeconds / windowSeconds).toFixed(6))))
}

/** Senders beside these for so many lanes with ceilings: one may wait for the slots of each, while another begins. */
export function sendersOfLanes(lanes: number): number {
  return lanes === 0 ? 0 : lanes + 1
}
