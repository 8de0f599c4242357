import * as z from 'zod'
import { type Pace, paceSchema } from '../notice/notice.ts'
import { afterLeakSchema } from './leak-word.ts'
import { type Refusal, refusal } from './problems.ts'

const { share, urgent, overDays } = paceSchema.shape

/** The body of start, resume and retry: how fast, before whom, and whether it may take days. */
export const paceRequestSchema = z
  .strictObject({
    share: share.meta({
      description:
        "Share of the account's rate and 24-hour quota that this notice may use, at most that of the stack. Where absent: as before, and at the first start that of the stack.",
    }),
    urgent: urgent.optional().meta({
      description: 'Goes before every notice that is not urgent; they wait. Where absent: as before, first false.',
    }),
    overDays: overDays.optional().meta({
      description:
        "Accepts that the account's 24-hour quota is too small for all of it, so that it goes out over several days. Where absent: as before, first false.",
    }),
  })
  .meta({ id: 'PaceRequest', examples: [{}, { share: 0.5, overDays: true }, { urgent: true }] })
/** The body of a resumption. */
export const resumeRequestSchema = paceRequestSchema
  .extend({ afterLeak: afterLeakSchema })
  .meta({ id: 'ResumeRequest', examples: [{}, { afterLeak: 'A template had a stray address; it was mended' }] })
export type ResumeRequest = z.infer<typeof resumeRequestSchema>

/** The body of a retry. */
export const retryRequestSchema = resumeRequestSchema
  .extend({
    rejected: z.boolean().optional().meta({
      description:
        'Also to those whose message the leak guard refused: nothing has left for them. Only with `afterLeak`.',
    }),
  })
  .meta({ id: 'RetryRequest', examples: [{}, { rejected: true, afterLeak: 'The renderer mixed rows; it was mended' }] })
export type RetryRequest = z.infer<typeof retryRequestSchema>

export type PaceRequest = z.infer<typeof paceRequestSchema>

/** The pace from now on: what is asked for, and for the rest what the notice has. */
export function paceOf(asked: PaceRequest, before: Pace): Pace {
  const wanted = asked.share ?? before.share
  return {
    ...(wanted !== undefined && { share: wanted }),
    urgent: asked.urgent ?? before.urgent,
    overDays: asked.overDays ?? before.overDays,
  }
}

/** The share that a pace comes to: the stack's is the bound, also for a notice that was started under a larger one. */
export function effectiveShare({ share: own }: Pick<Pace, 'share'>, stackShare: number): number {
  return Math.min(own ?? stackShare, stackShare)
}

export function shareTooLarge(asked: PaceRequest, stackShare: number): Refusal<'share-too-large'> | undefined {
  if (asked.share === undefined || asked.share <= stackShare) return undefined
  const detail =
    `A share of ${asked.share} was asked for, and the stack may use ${stackShare} of the account's rate and quota: the ` +
    'rest is for other mail. Ask for that or less, or leave share out; or deploy the stack with a larger one (-c share=…).'
  return refusal('share-too-large', detail, undefined, { share: asked.share, stackShare })
}
