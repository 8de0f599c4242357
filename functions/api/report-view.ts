import * as z from 'zod'
import type { AcceptanceCollector } from '../ledger/acceptance-times.ts'
import type { BatchSum, StopSum } from '../ledger/batch.ts'
import { settled } from '../ledger/counts.ts'
import type { Notice } from '../notice/notice.ts'
import { type GrantedRate, slotsBetween } from '../pacer/granted-rates.ts'
import type { ReadyAudience } from '../recipient/audience.ts'
import { reportExample } from './examples.ts'
import { rejectionsSchema, viewRejections } from './leak-word.ts'
import { approvalSchema, stateSchema, viewApproval, viewLife } from './notice-view.ts'
import { paceShape, viewPace } from './pace-view.ts'
import { reportTimesSchema, viewTimes } from './report-times.ts'
import { countsShape, lifeShape, limitOf, limitSchema } from './status-view.ts'
import { isoTime, timeSchema } from './times.ts'

/** What became of a notice, added up from its batches. */
export const reportSchema = z
  .object({
    noticeId: z.string(),
    name: z.string(),
    state: stateSchema,
    run: z.number().int(),
    ...paceShape,
    ...countsShape,
    bounced: z.number().int().meta({ description: 'Of the accepted: came back.' }),
    complained: z.number().int().meta({ description: 'Of the accepted: were complained about.' }),
    retryable: z
      .number()
      .int()
      .meta({ description: 'Failed or bounced for a reason that may pass: retry sends to them.' }),
    sentAgain: z.number().int().meta({ description: 'Sent again in doubt: may have got it twice.' }),
    leakGuard: rejectionsSchema.meta({
      description: 'Whose last message the leak guard refused, by rule and field. Nothing of those messages left.',
    }),
    stop: z
      .object({
        at: timeSchema.meta({ description: 'When the stop was asked for.' }),
        run: z.number().int().meta({ description: 'The run that was stopped.' }),
        inFlight: z.number().int().meta({ description: 'Calls to SES that had begun and had no answer yet.' }),
        after: z.number().int().meta({ description: 'Calls to SES that began after it was asked for.' }),
        lastCallAfterMs: z.number().optional().meta({ description: 'How long after `at` the last of them began.' }),
        batchesUnreported: z.number().int().meta({ description: 'Batches whose sender has not told yet.' }),
      })
      .optional()
      .meta({ description: 'The last stop, as the senders saw it.' }),
    batches: z.object({ planned: z.number().int(), done: z.number().int() }),
    firstAcceptedAt: timeSchema.optional(),
    lastAcceptedAt: timeSchema.optional(),
    seconds: z.number().meta({ description: 'From the first acceptance to the last.' }),
    ratePerSecond: z.number().meta({ description: '(accepted - 1) / seconds; 0 while there is nothing to measure.' }),
    limitPerSecond: limitSchema,
    utilisation: z.number().optional().meta({
      description:
        'The part of the slots granted from the first acceptance to the last that this notice used, also across a change of the rate. Others may have used the rest.',
    }),
    throttles: z.number().int().meta({ description: 'Calls that SES refused as too fast.' }),
    times: reportTimesSchema.optional(),
    idleMsPerMessage: z.number().optional().meta({
      description: 'Time that senders had messages to send and no call to SES under way, for each accepted message.',
    }),
    heldMsPerMessage: z.number().optional().meta({
      description: 'Time that senders held batches, for each accepted message. Batches of one sender may overlap.',
    }),
    audience: z
      .object({
        rows: z.number().int(),
        recipients: z.number().int(),
        refusedRows: z.number().int(),
        refusedByReason: z.record(z.string(), z.number().int()),
      })
      .optional(),
    approval: approvalSchema.optional(),
    ...lifeShape,
  })
  .meta({ id: 'Report', examples: [reportExample] })
export type Report = z.infer<typeof reportSchema>

export interface ReportParts {
  readonly sum: BatchSum
  readonly acceptances: AcceptanceCollector
  readonly rates: readonly GrantedRate[]
  readonly stop: (StopSum & { readonly run: number; readonly atMs: number }) | undefined
}

export function viewReport(notice: Notice, { sum, acceptances, rates, stop }: ReportParts): Report {
  const { noticeId, name, state, run, audience } = notice
  const ready = audience?.state === 'ready' ? audience : undefined
  const planned = ready?.recipients ?? 0
  const { tally, bounced, complained, retryable, sentAgain, batchesDone, throttles } = sum
  const times = viewTimes(acceptances, notice.startedAtMs)
  return {
    ...{ noticeId, name, state, run, ...viewPace(notice) },
    ...{ planned, ...tally, pending: planned - settled(tally) },
    ...{ bounced, complained, retryable, sentAgain },
    leakGuard: viewRejections(sum),
    ...(stop && { stop: viewStop(stop) }),
    batches: { planned: ready?.batches ?? 0, done: batchesDone },
    ...viewSpeed(sum, rates),
    throttles,
    ...(times && { times }),
    ...viewEffort(sum),
    ...(ready && { audience: counted(ready) }),
    ...(notice.approval && { approval: viewApproval(notice.approval) }),
    ...viewLife(notice),
  }
}

function viewStop({ atMs, ...rest }: StopSum & { readonly run: number; readonly atMs: number }) {
  return { at: isoTime(atMs), ...rest }
}

function viewSpeed(
  { tally, firstAcceptedAtMs: first, lastAcceptedAtMs: last }: BatchSum,
  rates: readonly GrantedRate[],
) {
  const limit = limitOf(rates)
  const seconds = first === undefined || last === undefined ? 0 : (last - first) / 1000
  const ratePerSecond = seconds > 0 ? (tally.accepted - 1) / seconds : 0
  const granted = first === undefined || last === undefined ? undefined : slotsBetween(rates, first, last)
  return {
    ...(first !== undefined && { firstAcceptedAt: isoTime(first) }),
    ...(last !== undefined && { lastAcceptedAt: isoTime(last) }),
    seconds,
    ratePerSecond,
    ...(limit !== undefined && { limitPerSecond: limit }),
    ...(granted !== undefined && granted > 0 && { utilisation: (tally.accepted - 1) / granted }),
  }
}

function viewEffort({ tally: { accepted }, idleMs, heldMs }: BatchSum) {
  return accepted === 0 ? {} : { idleMsPerMessage: idleMs / accepted, heldMsPerMessage: heldMs / accepted }
}

function counted({ rows, recipients, refusedRows, refusedByReason }: ReadyAudience) {
  return { rows, recipients, refusedRows, refusedByReason }
}
