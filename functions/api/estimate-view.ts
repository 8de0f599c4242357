import * as z from 'zod'
import { costByPlan } from '../cost/by-plan.ts'
import { costParts } from '../cost/estimate.ts'
import { type SesPlan, sesPlanNames, usualSesPlans } from '../cost/prices.ts'
import type { SendQuota } from '../ses/account.ts'
import { estimateExample } from './examples.ts'
import { quotaFit } from './quota-fit.ts'

const dollars = z.number().nonnegative()
export const planSchema = z.enum(sesPlanNames, {
  error: `This is no plan of SES. The plans are ${sesPlanNames.join(', ')}.`,
})

/** What it would cost to send a notice to its audience, in US dollars. */
export const estimateSchema = z
  .object({
    noticeId: z.string(),
    recipients: z.number().int(),
    ratePerSecond: z.number().meta({ description: 'What the notice may use of the rate that the account has now.' }),
    seconds: z.number().meta({ description: 'At that rate, alone, and within the 24-hour quota.' }),
    days: z.number().int().optional().meta({
      description: 'About how many it takes, where the 24-hour quota is too small for all of it today.',
    }),
    accountPlan: planSchema.optional().meta({ description: 'What the account pays SES by, where SES tells it.' }),
    plans: z
      .array(
        z.object({
          plan: planSchema,
          ses: dollars.meta({ description: 'With pro and enterprise beyond ten million: at the most.' }),
          planMonthly: dollars.meta({
            description: 'What the plan asks for each month besides: no part of the total.',
          }),
          overheadShare: z.number().meta({ description: 'overhead, as a part of ses.' }),
          total: dollars.meta({ description: 'ses, overhead and keeping.' }),
        }),
      )
      .meta({
        description:
          "The account's plan, and the one that was asked for. Where there is neither, those that an account has without a choice.",
      }),
    overhead: dollars.meta({ description: 'Everything but SES that sending takes.' }),
    byPart: z.record(z.enum(costParts), dollars).meta({ description: 'overhead, by service.' }),
    keeping: dollars.meta({ description: 'To keep what became of each recipient, over the whole of the retention.' }),
    deliveryRetentionDays: z.number().int(),
    basis: z.string().meta({ description: 'Where the prices are from, and how far they hold.' }),
  })
  .meta({ id: 'Estimate', description: 'In US dollars.', examples: [estimateExample] })
export type EstimateView = z.infer<typeof estimateSchema>

export interface ToEstimate {
  readonly noticeId: string
  readonly recipients: number
  readonly quota: SendQuota
  /** The part of the account's rate and quota that the notice may use. */
  readonly share: number
  readonly askedPlan: SesPlan | undefined
  readonly deliveryRetentionDays: number
}

export function viewEstimate({ noticeId, quota, share, askedPlan, ...sending }: ToEstimate): EstimateView {
  const { recipients, deliveryRetentionDays } = sending
  const known = [quota.plan, askedPlan].filter(plan => plan !== undefined)
  const ratePerSecond = quota.maxSendRate * share
  const cost = costByPlan({
    ...{ recipients, ratePerSecond, deliveryRetentionDays },
    plans: known.length === 0 ? usualSesPlans : [...new Set(known)],
  })
  const fit = quotaFit({ quota, share, needed: recipients, pendingElsewhere: 0 })
  return {
    noticeId,
    ...(fit.kind === 'too-many' && fit.days !== undefined && { days: fit.days }),
    ...(quota.plan !== undefined && { accountPlan: quota.plan }),
    ...cost,
    plans: [...cost.plans],
  }
}
