import * as z from 'zod'
import type { BatchSum, StopSum } from '../ledger/batch.ts'
import { settled } from '../ledger/counts.ts'
import type { Notice } from '../notice/notice.ts'
import type { PacerState } from '../pacer/pacer-store.ts'
import type { ReadyAudience } from '../recipient/audience.ts'
import { reportExample } from './examples.ts'
import { approvalSchema, isoTime, stateSchema, timeSchema, viewApproval, viewLife } from './notice-view.ts'
import { countsShape, grantedRate, lifeShape, limitSchema } from './status-view.ts'

/** What became of a notice, added up from its batches. */
export const reportSchema = z
  .object({
    noticeId: z.string(),
    name: z.string(),
    state: stateSchema,
    run: z.number().int(),
    ...countsShape,
    bounced: z.number().int().meta({ description: 'Of the accepted: came back.' }),
    complained: z.number().int().meta({ description: 'Of the accepted: were complained about.' }),
    retryable: z
      .number()
      .int()
      .meta({ description: 'Failed or bounced for a reason that may pass: retry sends to them.' }),
    sentAgain: z.number().int().meta({ description: 'Sent again in doubt: may have got it twice.' }),
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
    utilisation: z.number().optional().meta({ description: 'ratePerSecond / limitPerSecond.' }),
    throttles: z.number().int().meta({ description: 'Calls that SES refused as too fast.' }),
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

export function viewReport(
  notice: Notice,
  sum: BatchSum,
  pacer: PacerState | undefined,
  stop: (StopSum & { readonly run: number; readonly atMs: number }) | undefined,
): Report {
  const { noticeId, name, state, run, audience } = notice
  const ready = audience?.state === 'ready' ? audience : undefined
  const planned = ready?.recipients ?? 0
  const { tally, bounced, complained, retryable, sentAgain, batchesDone, throttles } = sum
  return {
    ...{ noticeId, name, state, run, planned, ...tally, pending: planned - settled(tally) },
    ...{ bounced, complained, retryable, sentAgain },
    ...(stop && { stop: viewStop(stop) }),
    batches: { planned: ready?.batches ?? 0, done: batchesDone },
    ...viewSpeed(sum, grantedRate(pacer)),
    throttles,
    ...(ready && { audience: counted(ready) }),
    ...(notice.approval && { approval: viewApproval(notice.approval) }),
    ...viewLife(notice),
  }
}

function viewStop({ atMs, ...rest }: StopSum & { readonly run: number; readonly atMs: number }) {
  return { at: isoTime(atMs), ...rest }
}

function viewSpeed({ tally, firstAcceptedAtMs: first, lastAcceptedAtMs: last }: BatchSum, limit: number | undefined) {
  const seconds = first === undefined || last === undefined ? 0 : (last - first) / 1000
  const ratePerSecond = seconds > 0 ? (tally.accepted - 1) / seconds : 0
  return {
    ...(first !== undefined && { firstAcceptedAt: isoTime(first) }),
    ...(last !== undefined && { lastAcceptedAt: isoTime(last) }),
    seconds,
    ratePerSecond,
    ...(limit !== undefined && { limitPerSecond: limit, utilisation: ratePerSecond / limit }),
  }
}

function counted({ rows, recipients, refusedRows, refusedByReason }: ReadyAudience) {
  return { rows, recipients, refusedRows, refusedByReason }
}
