import * as z from 'zod'

/** What the `api` function reads from its environment. */
export const apiEnvironment = z.object({
  NOTICES_TABLE: z.string().min(1),
  DELIVERIES_TABLE: z.string().min(1),
  AUDIENCE_BUCKET: z.string().min(1),
  DISPATCHER_FUNCTION: z.string().min(1),
  /** The verified SES identity: an address, or a domain. */
  SENDER_IDENTITY: z.string().min(1),
})
