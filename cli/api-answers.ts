import * as z from 'zod'
import { paceSchema, stopReasonSchema, tallySchema, waitReasons } from '../functions/notice/notice.ts'
import { noticeStates } from '../functions/notice/notice-states.ts'
import { audienceSchema } from '../functions/recipient/audience.ts'

/** How fast a notice goes, and what has a part in it. */
const paceShape = {
  pace: z.object(paceSchema.shape).optional(),
  feed: z.object({ ratePerSecond: z.number(), sharedWith: z.number() }).optional(),
  waits: z.object({ for: z.enum(waitReasons), since: z.string(), says: z.string() }).optional(),
}
export type PaceAnswer = z.infer<z.ZodObject<typeof paceShape>>

/** A refusal by the leak guard that nobody has accounted for yet. */
const leakAnswer = z.object({
  at: z.string(),
  rule: z.string(),
  means: z.string(),
  field: z.string(),
  excerpt: z.string(),
})
export type LeakAnswer = z.infer<typeof leakAnswer>

/** What the leak guard refused, and for how many recipients. */
const rejectionAnswer = z.object({ rule: z.string(), means: z.string(), field: z.string(), recipients: z.number() })
export type RejectionAnswer = z.infer<typeof rejectionAnswer>

/** What the API answers, as far as the CLI reads it. Fields that it does not know are left out. */
export const noticeAnswer = z.object({
  noticeId: z.string(),
  name: z.string(),
  state: z.enum(noticeStates),
  from: z.object({ name: z.string().optional(), address: z.string() }),
  replyTo: z.string().optional(),
  leak: leakAnswer.optional(),
  ...paceShape,
})
export type NoticeAnswer = z.infer<typeof noticeAnswer>

export const stopAnswer = noticeAnswer.extend({ messagesAtMost: z.number() })
export const stopAllAnswer = z.object({ notices: z.array(z.string()), messagesAtMost: z.number() })
/** Of a notice that goes from now on. */
export const begunAnswer = noticeAnswer.extend({ warnings: z.array(z.string()).default([]) })
export const retryAnswer = begunAnswer.extend({ recipients: z.number() })

export const noticesAnswer = z.object({
  notices: z.array(noticeAnswer.extend({ createdAt: z.string() })),
})

export const uploadAnswer = z.object({
  audienceId: z.string(),
  upload: z.object({ method: z.string(), url: z.url(), headers: z.record(z.string(), z.string()) }),
})
export type Upload = z.infer<typeof uploadAnswer>['upload']

const [awaiting, indexing, refused, ready] = audienceSchema.options
export const audienceAnswer = z.discriminatedUnion('state', [
  z.object(awaiting.shape),
  z.object(indexing.shape),
  z.object({ ...refused.shape, refusedRowsUrl: z.string().optional() }),
  z.object({
    ...ready.shape,
    variants: z.array(z.object({ variant: z.string() })),
    refusedRowsUrl: z.string().optional(),
  }),
])
export type AudienceAnswer = z.infer<typeof audienceAnswer>
export type ReadyAudienceAnswer = Extract<AudienceAnswer, { state: 'ready' }>

export const previewAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rendered'), locale: z.string(), subject: z.string(), text: z.string() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
  z.object({ kind: z.literal('refused'), means: z.string(), field: z.string(), excerpt: z.string() }),
])
export type PreviewAnswer = z.infer<typeof previewAnswer>

const countsShape = { planned: z.number(), ...tallySchema.shape, pending: z.number() }
export type Counts = z.infer<z.ZodObject<typeof countsShape>>

const progressShape = {
  noticeId: z.string(),
  name: z.string(),
  state: z.enum(noticeStates),
  run: z.number(),
  stopReason: stopReasonSchema.optional(),
  leak: leakAnswer.optional(),
  ...paceShape,
  ...countsShape,
}

export const statusAnswer = z.object({
  ...progressShape,
  batches: z.object({ planned: z.number(), done: z.number() }),
  limitPerSecond: z.number().optional(),
  ratePerSecond: z.number(),
  secondsLeft: z.number().optional(),
  stall: z.object({ since: z.string(), wrong: z.string(), remedy: z.string() }).optional(),
})
export type StatusAnswer = z.infer<typeof statusAnswer>

/** What the senders say of a stop, once each has said it. */
const stopReport = z.object({
  at: z.string(),
  inFlight: z.number(),
  after: z.number(),
  lastCallAfterMs: z.number().optional(),
  batchesUnreported: z.number(),
})
export type StopReport = z.infer<typeof stopReport>

const timesShape = { firstMs: z.number(), medianMs: z.number(), p99Ms: z.number(), lastMs: z.number() }

export const reportAnswer = z.object({
  ...progressShape,
  firstAcceptedAt: z.string().optional(),
  lastAcceptedAt: z.string().optional(),
  seconds: z.number(),
  ratePerSecond: z.number(),
  limitPerSecond: z.number().optional(),
  utilisation: z.number().optional(),
  throttles: z.number(),
  times: z
    .object({
      ...timesShape,
      locales: z.array(z.object({ locale: z.string(), accepted: z.number(), ...timesShape })),
    })
    .optional(),
  idleMsPerMessage: z.number().optional(),
  heldMsPerMessage: z.number().optional(),
  bounced: z.number(),
  complained: z.number(),
  retryable: z.number(),
  sentAgain: z.number(),
  leakGuard: z.array(rejectionAnswer).default([]),
  stop: stopReport.optional(),
  audience: z
    .object({
      rows: z.number(),
      recipients: z.number(),
      refusedRows: z.number(),
      refusedByReason: z.record(z.string(), z.number()),
    })
    .optional(),
})
export type ReportAnswer = z.infer<typeof reportAnswer>

export const historyAnswer = z.object({
  entries: z.array(
    z.object({
      at: z.string(),
      action: z.string(),
      by: z.string().optional(),
      run: z.number(),
      reason: z.string().optional(),
      finding: z.object({ rule: z.string(), field: z.string(), excerpt: z.string() }).optional(),
    }),
  ),
  leftOut: z.number(),
})
export type HistoryAnswer = z.infer<typeof historyAnswer>

/** RFC 9457. */
export const problemAnswer = z.object({
  type: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z
    .array(
      z.object({
        pointer: z.string().optional(),
        parameter: z.string().optional(),
        detail: z.string(),
        remedy: z.string().optional(),
      }),
    )
    .optional(),
  needed: z.number().optional(),
  fitsToday: z.number().optional(),
  quota: z.number().optional(),
  sentLast24Hours: z.number().optional(),
  pendingElsewhere: z.number().optional(),
  days: z.number().optional(),
  share: z.number().optional(),
  stackShare: z.number().optional(),
  leak: leakAnswer.optional(),
  rejections: z.array(rejectionAnswer).optional(),
})
export type ProblemAnswer = z.infer<typeof problemAnswer>

/** What API Gateway says where it answers itself: to a route that is not there, or a caller who may not call it. */
export const gatewayAnswer = z
  .object({ message: z.string().optional(), Message: z.string().optional() })
  .transform(({ message, Message }) => message ?? Message)
  .pipe(z.string())
  .transform(said => `The API refused: ${said}`)
