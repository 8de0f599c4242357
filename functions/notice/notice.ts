import * as z from 'zod'
import { audienceSchema } from '../recipient/audience.ts'
import { emptyHistory, findingSchema, type HistoryEntry, historySchema } from './history.ts'
import { openLeakSchema } from './leak.ts'
import { noticeStates } from './notice-states.ts'
import { type StallReason, stallReasonNames } from './stall-reasons.ts'

/** Recipients by fate. `pending` is what is left of the planned ones. */
export const tallySchema = z.strictObject({
  accepted: z.number().int(),
  rejected: z.number().int(),
  failed: z.number().int(),
  suppressed: z.number().int(),
  inDoubt: z.number().int(),
})
export type Tally = z.infer<typeof tallySchema>

export const emptyTally: Tally = { accepted: 0, rejected: 0, failed: 0, suppressed: 0, inDoubt: 0 }

const byOperator = z.strictObject({ kind: z.literal('operator'), by: z.string() })
const byLeakGuard = findingSchema.extend({
  kind: z.literal('leak-guard'),
  /** Whose message it was. */
  batch: z.number().int().nonnegative(),
  recipientKey: z.string(),
})
const bySes = z.strictObject({ kind: z.literal('ses'), error: z.string() })

export const stopReasonSchema = z.discriminatedUnion('kind', [byOperator, byLeakGuard, bySes])
export type StopReason = z.infer<typeof stopReasonSchema>

/** Why a notice, or all of them, is stopped that nothing was refused of. */
export const plainStopReasonSchema = z.discriminatedUnion('kind', [byOperator, bySes])
export type PlainStopReason = z.infer<typeof plainStopReasonSchema>

/** A stop as the history tells of it: who, or what SES said. */
export function whyStopped(reason: PlainStopReason): Pick<HistoryEntry, 'by' | 'reason'> {
  return reason.kind === 'operator' ? { by: reason.by } : { reason: reason.error }
}

/** When a run was last seen to make progress: since then the counts are as they are here. */
export const progressSchema = z.strictObject({
  run: z.number().int(),
  tally: tallySchema,
  batchesDone: z.number().int().nonnegative(),
  atMs: z.number(),
  /** Why there has been none since, once that has lasted too long. */
  stalledBy: z.enum(stallReasonNames).optional(),
})
export type Progress = z.infer<typeof progressSchema>

/** How fast a notice goes, as whoever starts or resumes it decides. */
export const paceSchema = z.strictObject({
  /** Share of the account's rate and daily quota that it may use; where absent, that of the stack. */
  share: z.number().gt(0).lte(1).optional(),
  /** Goes before every notice that is not urgent. */
  urgent: z.boolean(),
  /** Goes on over several days where today's quota is too small for all. */
  overDays: z.boolean(),
})
export type Pace = z.infer<typeof paceSchema>

export const usualPace: Pace = { urgent: false, overDays: false }

/** What a notice may have to wait for, although nothing is wrong. */
export const waitReasons = ['urgent-notice', 'daily-quota'] as const
export type WaitReason = (typeof waitReasons)[number]

/** How far the dispatcher has fed one run into the queue, and at what pace. */
export const feedSchema = z.strictObject({
  run: z.number().int(),
  /** Batches of each lane that were queued at least once, counted in the order of dispatch. '' is the main lane. */
  queued: z.record(z.string(), z.number().int().nonnegative()),
  /** Goes up when the run gives way to an urgent notice: what was queued until then is void. 1 until it does. */
  turn: z.number().int().positive(),
  /** When it was first fed in this run, or after its last wait. */
  sinceMs: z.number(),
  /** Until when it has had what is due to a share of its own. Absent where it has none. */
  paidUntilMs: z.number().optional(),
  /** When a dispatcher last looked. */
  atMs: z.number(),
  /** Recipients a second that it gets of the rate, all lanes together. */
  ratePerSecond: z.number().nonnegative(),
  /** Other notices that have a part of the rate. */
  beside: z.number().int().nonnegative(),
  waits: z.strictObject({ for: z.enum(waitReasons), sinceMs: z.number() }).optional(),
})
export type Feed = z.infer<typeof feedSchema>

/** A notice as the notices table holds it. No address of a recipient is in it. */
export const noticeSchema = z.strictObject({
  noticeId: z.string(),
  name: z.string(),
  state: z.enum(noticeStates),
  /** 0 before the first start; raised by start and resume. */
  run: z.number().int().nonnegative(),
  /** How often all notices of the account had been stopped when this one was last started, resumed or retried. */
  generation: z.number().int().nonnegative(),
  /** The run with which the last retry began. */
  retryRun: z.number().int().positive().optional(),
  /** Whether that retry is also for those whose message the leak guard had refused. */
  retryRejected: z.boolean().optional(),
  from: z.strictObject({ name: z.string().optional(), address: z.string() }),
  replyTo: z.string().optional(),
  defaultLocale: z.string(),
  locales: z.array(z.string()),
  contentDigest: z.string(),
  /** What becomes of a recipient that SES may or may not have accepted, once the settle delay has passed. */
  inDoubtPolicy: z.enum(['resend', 'leave']),
  pace: paceSchema,
  audience: audienceSchema.optional(),
  approval: z
    .strictObject({ by: z.string(), atMs: z.number(), contentDigest: z.string(), audienceDigest: z.string() })
    .optional(),
  createdBy: z.string(),
  createdAtMs: z.number(),
  startedAtMs: z.number().optional(),
  stoppedAtMs: z.number().optional(),
  stopReason: stopReasonSchema.optional(),
  /** The last stop from which the notice went on. */
  lastStop: z.strictObject({ run: z.number().int(), atMs: z.number() }).optional(),
  finishedAtMs: z.number().optional(),
  /** A refusal by the leak guard that nobody has accounted for: neither a resumption nor a retry without a word about it. */
  leak: openLeakSchema.optional(),
  /** Refusals up to this run were accounted for. */
  leakWordRun: z.number().int().nonnegative().optional(),
  /** Who did what, and when. */
  history: historySchema.default(emptyHistory),
  /** A cache of the sum over batch rows, kept warm by senders while the notice is being sent. */
  tally: tallySchema,
  batchesDone: z.number().int().nonnegative(),
  /** When somebody was last sent to, by the senders' clocks; first, when the run began. */
  progressAtMs: z.number().optional(),
  /** What the dispatcher saw. Absent, or of an older run, until it has looked at this one. */
  lastProgress: progressSchema.optional(),
  /** Absent, or of an older run, until the dispatcher has fed this one. */
  feed: feedSchema.optional(),
})
export type Notice = z.infer<typeof noticeSchema>

/** The stop that a report speaks of: the present one, or the last from which the notice went on. */
export function lastStopOf({ state, run, stoppedAtMs, lastStop }: Notice): { run: number; atMs: number } | undefined {
  return state === 'stopped' && stoppedAtMs !== undefined ? { run, atMs: stoppedAtMs } : lastStop
}

/** What the notice waits for, if it does: senders give its batches back while another goes first. */
export function waitOf({ state, run, feed }: Notice): Feed['waits'] {
  return state === 'sending' && feed?.run === run ? feed.waits : undefined
}

/** The turn of the present run. */
export function turnOf({ run, feed }: Pick<Notice, 'run' | 'feed'>): number {
  return feed?.run === run ? feed.turn : 1
}

/** Since when and why the notice stands still, if it does. */
export function stallOf({ state, run, lastProgress }: Notice): { sinceMs: number; reason: StallReason } | undefined {
  const reason = state === 'sending' && lastProgress?.run === run ? lastProgress.stalledBy : undefined
  return reason && lastProgress && { sinceMs: lastProgress.atMs, reason }
}
