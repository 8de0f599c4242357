import * as z from 'zod'
import { type Notice, noticeSchema } from './notice.ts'

/** A notice as its item in the `notices` table. */
export const noticeItemSchema = noticeSchema.extend({
  pk: z.string(),
  sk: z.string(),
  /** Raised by every change of a notice's life, not by its tally, so that counting never makes a stop try again. */
  revision: z.number().int(),
  /** Of the last change, so that a change whose answer was lost is recognised as done. */
  changeToken: z.string().optional(),
})
export type NoticeItem = z.infer<typeof noticeItemSchema>

export const noticeKey = (noticeId: string) => ({ pk: `NOTICE#${noticeId}`, sk: 'NOTICE' })

export function noticeIn({ pk: _, sk: __, revision: ___, changeToken: ____, ...notice }: NoticeItem): Notice {
  return notice
}
