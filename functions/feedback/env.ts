import * as z from 'zod'

/** What the `feedback` function reads from its environment. */
export const feedbackEnvironment = z.object({
  NOTICES_TABLE: z.string().min(1),
  DELIVERIES_TABLE: z.string().min(1),
  DELIVERY_RETENTION_DAYS: z.coerce.number().int().positive(),
})
