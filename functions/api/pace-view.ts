import * as z from 'zod'
import { type Notice, paceSchema, waitOf, waitReasons } from '../notice/notice.ts'
import { waitDescriptions } from '../notice/wait-reasons.ts'
import { isoTime, timeSchema } from './times.ts'

/** How fast a notice goes, with whom it shares, and what it waits for, wherever the API shows a notice. */
export const paceShape = {
  pace: paceSchema.meta({ id: 'Pace', description: 'As chosen when the notice was last started, resumed or retried.' }),
  feed: z
    .object({
      ratePerSecond: z.number().meta({ description: 'Recipients a second that this notice gets of the rate.' }),
      sharedWith: z.number().int().meta({ description: 'Other notices that have a part of it.' }),
    })
    .optional()
    .meta({ id: 'Feed', description: 'Only while the notice is being sent, from the first seconds on.' }),
  waits: z
    .object({
      for: z.enum(waitReasons),
      since: timeSchema,
      says: z.string().meta({ description: 'What it waits for and how it goes on, for people.' }),
    })
    .optional()
    .meta({ id: 'Wait', description: 'Only while the notice is being sent and another thing goes first.' }),
}
type PaceView = z.infer<z.ZodObject<typeof paceShape>>

export function viewPace(notice: Notice): PaceView {
  const { pace } = notice
  const feed = feedOf(notice)
  const waits = waitOf(notice)
  return {
    pace,
    ...(feed && { feed: { ratePerSecond: feed.ratePerSecond, sharedWith: feed.beside } }),
    ...(waits && {
      waits: { for: waits.for, since: isoTime(waits.sinceMs), says: waitDescriptions[waits.for].says },
    }),
  }
}

/** How the run that is being sent is fed, once the dispatcher has looked at it. */
export function feedOf({ state, run, feed }: Notice): Notice['feed'] {
  return state === 'sending' && feed?.run === run ? feed : undefined
}
