import * as z from 'zod'

/** What it would cost to send a notice, in US dollars. Plans and parts may be newer than this program. */
export const estimateAnswer = z.object({
  recipients: z.number(),
  ratePerSecond: z.number(),
  seconds: z.number(),
  days: z.number().optional(),
  accountPlan: z.string().optional(),
  plans: z
    .array(
      z.object({
        plan: z.string(),
        ses: z.number(),
        planMonthly: z.number(),
        overheadShare: z.number(),
        total: z.number(),
      }),
    )
    .min(1),
  overhead: z.number(),
  byPart: z.record(z.string(), z.number()),
  keeping: z.number(),
  deliveryRetentionDays: z.number(),
  basis: z.string(),
})
export type EstimateAnswer = z.infer<typeof estimateAnswer>
