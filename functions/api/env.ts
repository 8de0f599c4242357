import * as z from 'zod'
import { lanesText } from '../pacer/lanes.ts'

/** What the `api` function reads from its environment. */
export const apiEnvironment = z.object({
  NOTICES_TABLE: z.string().min(1),
  DELIVERIES_TABLE: z.string().min(1),
  AUDIENCE_BUCKET: z.string().min(1),
  DISPATCHER_FUNCTION: z.string().min(1),
  /** The verified SES identity: an address, or a domain. */
  SENDER_IDENTITY: z.string().min(1),
  /** Share of the account's rate and 24-hour quota that notices may use. */
  RATE_SHARE: z.coerce.number().gt(0).lte(1),
  LANES: lanesText,
  DELIVERY_RETENTION_DAYS: z.coerce.number().int().positive(),
  /** Senders that run at once at the most. */
  SENDER_CONCURRENCY: z.coerce.number().int().positive(),
  /** Whether the sender has the rights that it needs in SES's sandbox. */
  SANDBOX: z.stringbool({ truthy: ['true'], falsy: ['false'] }),
})
