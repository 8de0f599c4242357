import * as z from 'zod'
import { settled } from '../ledger/counts.ts'
import { type Notice, stallOf, tallySchema, waitOf } from '../notice/notice.ts'
import { stallReasonNames, stallReasons } from '../notice/stall-reasons.ts'
import type { GrantedRate } from '../pacer/granted-rates.ts'
import { statusExample } from './examples.ts'
import { leakSchema } from './leak-word.ts'
import { stateSchema, stopReasonSchema, viewLife } from './notice-view.ts'
import { feedOf, paceShape, viewPace } from './pace-view.ts'
import { isoTime, timeSchema } from './times.ts'

/** Recipients by fate; planned is their sum. */
export const countsShape = {
  planned: z.number().int(),
  ...tallySchema.shape,
  pending: z.number().int().meta({ description: 'planned less all that have a fate.' }),
}

export const limitSchema = z.number().optional().meta({
  description: 'Recipients a second that all notices together may use of the account. Absent before the first start.',
})

export const lifeShape = {
  startedAt: timeSchema.optional(),
  stoppedAt: timeSchema.optional(),
  stopReason: stopReasonSchema.optional(),
  leak: leakSchema.optional(),
  finishedAt: timeSchema.optional(),
}

/** Why nobody has got a fate for five minutes or more. */
const stallSchema = z
  .object({ since: timeSchema, reason: z.enum(stallReasonNames), wrong: z.string(), remedy: z.string() })
  .meta({ id: 'Stall', description: 'Only while the notice is being sent and makes no progress.' })

/** Where a notice stands. From a cache that is seconds old while it is being sent; exact otherwise, as the report always is. */
export const statusSchema = z
  .object({
    noticeId: z.string(),
    name: z.string(),
    state: stateSchema,
    run: z.number().int(),
    ...paceShape,
    ...countsShape,
    batches: z.object({ planned: z.number().int(), done: z.number().int() }),
    limitPerSecond: limitSchema,
    ratePerSecond: z.number().meta({ description: 'Accepted a second, on average since the start.' }),
    secondsLeft: z.number().optional().meta({
      description:
        'At its speed so far, or at the rate that it gets. Only while the notice is being sent and waits for nothing.',
    }),
    stall: stallSchema.optional(),
    ...lifeShape,
  })
  .meta({ id: 'Status', examples: [statusExample] })
export type Status = z.infer<typeof statusSchema>

export function viewStatus(notice: Notice, rates: readonly GrantedRate[], nowMs: number): Status {
  const { noticeId, name, state, run, audience, tally, batchesDone } = notice
  const ready = audience?.state === 'ready' ? audience : undefined
  const planned = ready?.recipients ?? 0
  const pending = Math.max(0, planned - settled(tally))
  const limitPerSecond = limitOf(rates)
  const ratePerSecond = tally.accepted / (elapsedSeconds(notice, nowMs) || Number.POSITIVE_INFINITY)
  const secondsLeft = expectedSeconds(notice, pending, ratePerSecond, limitPerSecond)
  return {
    ...{ noticeId, name, state, run, ...viewPace(notice), planned, ...tally, pending },
    batches: { planned: ready?.batches ?? 0, done: Math.min(batchesDone, ready?.batches ?? 0) },
    ...(limitPerSecond !== undefined && { limitPerSecond }),
    ratePerSecond,
    ...(secondsLeft !== undefined && { secondsLeft }),
    ...viewStall(notice),
    ...viewLife(notice),
  }
}

function viewStall(notice: Notice): Pick<Status, 'stall'> {
  const stall = stallOf(notice)
  if (stall === undefined) return {}
  const { wrong, remedy } = stallReasons[stall.reason]
  return { stall: { since: isoTime(stall.sinceMs), reason: stall.reason, wrong, remedy } }
}

/** The rate that all notices together were granted last. */
export function limitOf(rates: readonly GrantedRate[]): number | undefined {
  return rates.at(-1)?.ratePerSecond
}

/**
 * The speed since the start tells best how long the rest takes, but not where a stop or a wait is part of it, nor where others
 * share the rate by now. Nobody knows when a wait ends.
 */
function expectedSeconds(notice: Notice, pending: number, speed: number, limit: number | undefined) {
  if (notice.state !== 'sending' || waitOf(notice) !== undefined) return undefined
  const feed = feedOf(notice)
  const own = speed > 0 && unbroken(notice, feed) ? speed : undefined
  const given = feed?.ratePerSecond || undefined
  const expected = own !== undefined && given !== undefined ? Math.min(own, given) : (own ?? given ?? limit)
  return expected === undefined ? undefined : pending / expected
}

/** The dispatcher takes up a notice that long after its start at the latest, and anew after each wait. */
const TAKEN_UP_MS = 60_000

function unbroken({ run, startedAtMs = 0 }: Notice, feed: Notice['feed']): boolean {
  return run === 1 && (feed === undefined || feed.sinceMs <= startedAtMs + TAKEN_UP_MS)
}

function elapsedSeconds({ startedAtMs, stoppedAtMs, finishedAtMs }: Notice, nowMs: number): number {
  if (startedAtMs === undefined) return 0
  return Math.max(0, (finishedAtMs ?? stoppedAtMs ?? nowMs) - startedAtMs) / 1000
}
