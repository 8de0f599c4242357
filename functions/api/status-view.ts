import * as z from 'zod'
import { settled } from '../ledger/counts.ts'
import { type Notice, stallOf, tallySchema } from '../notice/notice.ts'
import { stallReasonNames, stallReasons } from '../notice/stall-reasons.ts'
import type { PacerState } from '../pacer/pacer-store.ts'
import { statusExample } from './examples.ts'
import { isoTime, stateSchema, stopReasonSchema, timeSchema, viewLife } from './notice-view.ts'

/** Recipients by fate; planned is their sum. */
export const countsShape = {
  planned: z.number().int(),
  ...tallySchema.shape,
  pending: z.number().int().meta({ description: 'planned less all that have a fate.' }),
}

export const limitSchema = z.number().optional().meta({
  description: 'Recipients a second that the stack may use of the account. Absent before the first start.',
})

export const lifeShape = {
  startedAt: timeSchema.optional(),
  stoppedAt: timeSchema.optional(),
  stopReason: stopReasonSchema.optional(),
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
    ...countsShape,
    batches: z.object({ planned: z.number().int(), done: z.number().int() }),
    limitPerSecond: limitSchema,
    ratePerSecond: z.number().meta({ description: 'Accepted a second, on average since the start.' }),
    secondsLeft: z.number().optional().meta({ description: 'At that rate. Only while the notice is being sent.' }),
    stall: stallSchema.optional(),
    ...lifeShape,
  })
  .meta({ id: 'Status', examples: [statusExample] })
export type Status = z.infer<typeof statusSchema>

export function viewStatus(notice: Notice, pacer: PacerState | undefined, nowMs: number): Status {
  const { noticeId, name, state, run, audience, tally, batchesDone } = notice
  const ready = audience?.state === 'ready' ? audience : undefined
  const planned = ready?.recipients ?? 0
  const pending = Math.max(0, planned - settled(tally))
  const limitPerSecond = grantedRate(pacer)
  const ratePerSecond = tally.accepted / (elapsedSeconds(notice, nowMs) || Number.POSITIVE_INFINITY)
  const expectedRate = ratePerSecond || limitPerSecond
  return {
    ...{ noticeId, name, state, run, planned, ...tally, pending },
    batches: { planned: ready?.batches ?? 0, done: Math.min(batchesDone, ready?.batches ?? 0) },
    ...(limitPerSecond !== undefined && { limitPerSecond }),
    ratePerSecond,
    ...(state === 'sending' && expectedRate !== undefined && { secondsLeft: pending / expectedRate }),
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

/** The rate that the pacer was granted, in recipients a second. */
export function grantedRate(pacer: PacerState | undefined): number | undefined {
  return pacer === undefined ? undefined : 1e6 / pacer.baseIntervalUs
}

function elapsedSeconds({ startedAtMs, stoppedAtMs, finishedAtMs }: Notice, nowMs: number): number {
  if (startedAtMs === undefined) return 0
  return Math.max(0, (finishedAtMs ?? stoppedAtMs ?? nowMs) - startedAtMs) / 1000
}
