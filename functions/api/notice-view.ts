import * as z from 'zod'
import { type Notice, noticeSchema } from '../notice/notice.ts'
import { noticeStates } from '../notice/notice-states.ts'
import { noticeExample } from './examples.ts'
import { leakSchema, viewLeak } from './leak-word.ts'
import { paceShape, viewPace } from './pace-view.ts'
import { isoTime, timeSchema } from './times.ts'

export const stateSchema = z.enum(noticeStates).meta({ id: 'NoticeState' })
export const stopReasonSchema = noticeSchema.shape.stopReason.unwrap().meta({ id: 'StopReason' })

export const approvalSchema = z
  .object({ by: z.string(), at: timeSchema, contentDigest: z.string(), audienceDigest: z.string() })
  .meta({ id: 'Approval', description: 'Who approved what: the SHA-256 of the content and of the audience.' })

/** A notice as the API shows it. */
export const noticeViewSchema = z
  .object({
    noticeId: z.string().meta({ examples: ['n-20261120-3f8k2mq7'] }),
    name: z.string(),
    state: stateSchema,
    run: z.number().int().meta({ description: '0 before the first start; raised by start and resume.' }),
    from: z.object({ name: z.string().optional(), address: z.string() }),
    replyTo: z.string().optional(),
    defaultLocale: z.string(),
    locales: z.array(z.string()),
    contentDigest: z.string(),
    inDoubtPolicy: noticeSchema.shape.inDoubtPolicy,
    ...paceShape,
    audienceId: z.string().optional(),
    approval: approvalSchema.optional(),
    createdBy: z.string(),
    createdAt: timeSchema,
    startedAt: timeSchema.optional(),
    stoppedAt: timeSchema.optional(),
    stopReason: stopReasonSchema.optional(),
    leak: leakSchema.optional(),
    finishedAt: timeSchema.optional(),
  })
  .meta({ id: 'Notice', examples: [noticeExample] })
export type NoticeView = z.infer<typeof noticeViewSchema>

export function viewNotice(notice: Notice): NoticeView {
  const { noticeId, name, state, run, from, replyTo, defaultLocale, locales, contentDigest, inDoubtPolicy } = notice
  return {
    ...{ noticeId, name, state, run, from, defaultLocale, locales, contentDigest, inDoubtPolicy },
    ...viewPace(notice),
    ...(replyTo !== undefined && { replyTo }),
    ...(notice.audience && { audienceId: notice.audience.audienceId }),
    ...(notice.approval && { approval: viewApproval(notice.approval) }),
    createdBy: notice.createdBy,
    createdAt: isoTime(notice.createdAtMs),
    ...viewLife(notice),
  }
}

/** When a notice was started, stopped and finished, as far as it was, why it was stopped, and what was refused of it. */
export function viewLife({ startedAtMs, stoppedAtMs, stopReason, leak, finishedAtMs }: Notice) {
  return {
    ...(startedAtMs !== undefined && { startedAt: isoTime(startedAtMs) }),
    ...(stoppedAtMs !== undefined && { stoppedAt: isoTime(stoppedAtMs) }),
    ...(stopReason && { stopReason }),
    ...viewLeak({ leak }),
    ...(finishedAtMs !== undefined && { finishedAt: isoTime(finishedAtMs) }),
  }
}

export function viewApproval({ by, atMs, contentDigest, audienceDigest }: NonNullable<Notice['approval']>) {
  return { by, at: isoTime(atMs), contentDigest, audienceDigest }
}
