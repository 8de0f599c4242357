import * as z from 'zod'

/** What the `sender` function reads from its environment. */
export const senderEnvironment = z.object({
  NOTICES_TABLE: z.string().min(1),
  DELIVERIES_TABLE: z.string().min(1),
  AUDIENCE_BUCKET: z.string().min(1),
  BATCH_QUEUE_URL: z.url(),
  /** The same where there are no lanes. */
  LANE_QUEUE_URL: z.url(),
  CONFIGURATION_SET: z.string().min(1),
  /** How long after a lost answer a SEND event may still come, before the message may be sent again. */
  SETTLE_DELAY_SECONDS: z.coerce.number().int().min(1).max(900),
  DELIVERY_RETENTION_DAYS: z.coerce.number().int().positive(),
})
