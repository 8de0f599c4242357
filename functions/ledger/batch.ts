import * as z from 'zod'
import { emptyTally, type Tally, tallySchema } from '../notice/notice.ts'

/**
 * A batch row exists from the first claim on. `claimableAtMs` alone says when others may claim it: a running lease puts it
 * past the lease's end by the settle delay, a clean release puts it to now, a release in doubt to now + settle delay.
 */
export const batchRowSchema = z.strictObject({
  noticeId: z.string(),
  batch: z.number().int().nonnegative(),
  /** `leased`: a sender works on it, or died doing so. `open`: given back, everything known is recorded. */
  state: z.enum(['leased', 'open', 'done']),
  run: z.number().int(),
  /** How often the batch was claimed. */
  attempt: z.number().int().positive(),
  /** Token of the claim that holds, or last held, the lease. */
  owner: z.string(),
  size: z.number().int().positive(),
  claimableAtMs: z.number(),
  tally: tallySchema,
  firstAcceptedAtMs: z.number().optional(),
  lastAcceptedAtMs: z.number().optional(),
  /** Calls that SES throttled while this batch was sent. */
  throttles: z.number().int().nonnegative(),
  /** Raised by each bounce, complaint or reject, so that a sum over facts can see that a newer fact came. */
  feedbackVersion: z.number().int().nonnegative(),
})
export type BatchRow = z.infer<typeof batchRowSchema>

/** What the batch rows of a notice add up to: the truth about its counts. */
export interface BatchSum {
  readonly tally: Tally
  readonly batchesDone: number
  readonly firstAcceptedAtMs: number | undefined
  readonly lastAcceptedAtMs: number | undefined
  readonly throttles: number
}

export const emptySum: BatchSum = {
  tally: emptyTally,
  batchesDone: 0,
  firstAcceptedAtMs: undefined,
  lastAcceptedAtMs: undefined,
  throttles: 0,
}

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    accepted: a.accepted + b.accepted,
    rejected: a.rejected + b.rejected,
    failed: a.failed + b.failed,
    suppressed: a.suppressed + b.suppressed,
    inDoubt: a.inDoubt + b.inDoubt,
  }
}

export function subtractTallies(a: Tally, b: Tally): Tally {
  return {
    accepted: a.accepted - b.accepted,
    rejected: a.rejected - b.rejected,
    failed: a.failed - b.failed,
    suppressed: a.suppressed - b.suppressed,
    inDoubt: a.inDoubt - b.inDoubt,
  }
}

/** Recipients with a fate; planned less this is pending. */
export function settled(tally: Tally): number {
  return tally.accepted + tally.rejected + tally.failed + tally.suppressed + tally.inDoubt
}

export function addBatch(sum: BatchSum, row: BatchRow): BatchSum {
  return {
    tally: addTallies(sum.tally, row.tally),
    batchesDone: sum.batchesDone + (row.state === 'done' ? 1 : 0),
    firstAcceptedAtMs: least(sum.firstAcceptedAtMs, row.firstAcceptedAtMs),
    lastAcceptedAtMs: greatest(sum.lastAcceptedAtMs, row.lastAcceptedAtMs),
    throttles: sum.throttles + row.throttles,
  }
}

export function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}

export function greatest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}
