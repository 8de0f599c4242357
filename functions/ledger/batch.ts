import * as z from 'zod'
import { acceptancesSchema } from './acceptance-times.ts'
import { batchStates } from './batch-states.ts'
import { addCounts, type BatchCounts, countsSchema, emptyCounts } from './counts.ts'

/** What became of the calls of a batch that was being sent when its notice was stopped. */
export const stopAccountSchema = z.strictObject({
  /** The run that was stopped. */
  run: z.number().int(),
  /** Calls that had begun at the stop and had no answer yet. */
  inFlight: z.number().int().nonnegative(),
  /** Calls that began after it … */
  after: z.number().int().nonnegative(),
  /** … the last of them so many milliseconds after it. */
  lastCallAfterMs: z.number().optional(),
})
export type StopAccount = z.infer<typeof stopAccountSchema>

/** A claim whose holder vanished with its lease. */
export const vanishedClaimSchema = z.strictObject({
  attempt: z.number().int().positive(),
  /** Its calls may have begun for the recipients before this position. */
  begun: z.number().int().nonnegative(),
  aliveAtMs: z.number(),
})
export type VanishedClaim = z.infer<typeof vanishedClaimSchema>

/** What sending a batch took, over all its claims. */
const effortSchema = z.strictObject({
  acceptances: acceptancesSchema,
  /** Calls that SES throttled. */
  throttles: z.number().int().nonnegative(),
  /**
   * Time in which a claim had messages to send while its sender had no call to SES under way, and from a claim to its end. A
   * sender has more than one claim at a time (the next batch gets ready early, lanes go beside the rest), so the sums over
   * claims count such time once for each of them: they are no less than what the senders took, and may be more.
   */
  idleMs: z.number().int().nonnegative(),
  heldMs: z.number().int().nonnegative(),
})
export type BatchEffort = Readonly<z.infer<typeof effortSchema>>

export const emptyEffort: BatchEffort = { acceptances: {}, throttles: 0, idleMs: 0, heldMs: 0 }

/**
 * A batch row exists from the first claim on. `claimableAtMs` alone says when others may claim it: a running lease puts it
 * past the lease's end by the settle delay, a clean release puts it to now, a release in doubt to now + settle delay.
 */
export const batchRowSchema = countsSchema.extend(effortSchema.shape).extend({
  noticeId: z.string(),
  batch: z.number().int().nonnegative(),
  /** `leased`: a sender works on it, or died doing so. `open`: given back, everything known is recorded. */
  state: z.enum(batchStates).exclude(['unclaimed']),
  run: z.number().int(),
  /** How often the batch was claimed. */
  attempt: z.number().int().positive(),
  /** A retry concerns whoever failed in an attempt up to this one; 0 while there was no retry. */
  retryAfter: z.number().int().nonnegative(),
  /** Token of the claim that holds, or last held, the lease. */
  owner: z.string(),
  size: z.number().int().positive(),
  claimableAtMs: z.number(),
  /** The last sign of life of the holder: its claim, or its last renewal. */
  aliveAtMs: z.number(),
  /** A call of this attempt may have begun for the recipients before this position, and for no other. */
  begun: z.number().int().nonnegative(),
  /** Earlier claims whose doubts are not facts yet: they are written before the holder first shows life. */
  vanished: z.array(vanishedClaimSchema),
  stop: stopAccountSchema.optional(),
  /** Raised by each claim, and by each event that may change the counts: a sum over facts sees that something newer came. */
  feedbackVersion: z.number().int().nonnegative(),
})
export type BatchRow = z.infer<typeof batchRowSchema>

/** The last retry of a notice, if there was one: the run with which it began, and whether it is for those rejected too. */
export interface RetryOf {
  readonly retryRun?: number | undefined
  readonly retryRejected?: boolean | undefined
}

/** Of a batch that is done, how many a retry sends to again. */
export function concernedBy({ retryRejected }: RetryOf, { retryable, tally }: BatchCounts): number {
  return retryable + (retryRejected === true ? tally.rejected : 0)
}

/** Whether nothing is left to do in a batch: a retry that has begun since opens it again for those it concerns. */
export function isDone(row: Pick<BatchRow, 'state' | 'run' | keyof BatchCounts>, retry: RetryOf): boolean {
  if (row.state !== 'done') return false
  return retry.retryRun === undefined || row.run >= retry.retryRun || concernedBy(retry, row) === 0
}

/** What the batch rows of a notice add up to: the truth about its counts. */
export interface BatchSum extends BatchCounts, Omit<BatchEffort, 'acceptances'> {
  readonly batchesDone: number
  readonly firstAcceptedAtMs: number | undefined
  readonly lastAcceptedAtMs: number | undefined
}

export const emptySum: BatchSum = {
  ...emptyCounts,
  batchesDone: 0,
  firstAcceptedAtMs: undefined,
  lastAcceptedAtMs: undefined,
  throttles: 0,
  idleMs: 0,
  heldMs: 0,
}

export function addBatch(sum: BatchSum, row: BatchRow, retry: RetryOf): BatchSum {
  const spans = Object.values(row.acceptances)
  return {
    ...addCounts(sum, row),
    batchesDone: sum.batchesDone + (isDone(row, retry) ? 1 : 0),
    firstAcceptedAtMs: spans.reduce((earliest, { firstMs }) => least(earliest, firstMs), sum.firstAcceptedAtMs),
    lastAcceptedAtMs: spans.reduce((latest, { lastMs }) => greatest(latest, lastMs), sum.lastAcceptedAtMs),
    throttles: sum.throttles + row.throttles,
    idleMs: sum.idleMs + row.idleMs,
    heldMs: sum.heldMs + row.heldMs,
  }
}

/** What the batches of a stopped run tell of the stop, and how many of them have not told yet. */
export interface StopSum extends Omit<StopAccount, 'run'> {
  readonly batchesUnreported: number
}

export const emptyStopSum: StopSum = { inFlight: 0, after: 0, batchesUnreported: 0 }

export function addStop(sum: StopSum, { state, run, stop }: BatchRow, stoppedRun: number): StopSum {
  if (state === 'leased' && run === stoppedRun) return { ...sum, batchesUnreported: sum.batchesUnreported + 1 }
  if (stop?.run !== stoppedRun) return sum
  const lastCallAfterMs = greatest(sum.lastCallAfterMs, stop.lastCallAfterMs)
  return {
    ...sum,
    inFlight: sum.inFlight + stop.inFlight,
    after: sum.after + stop.after,
    ...(lastCallAfterMs !== undefined && { lastCallAfterMs }),
  }
}

function least(a: number | undefined, b: number): number {
  return a === undefined ? b : Math.min(a, b)
}

function greatest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}
