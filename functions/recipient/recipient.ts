import * as z from 'zod'

/**
 * One person of an audience, as it lies in the audience bucket: one line of NDJSON a recipient.
 * `key` is the keyed hash that stands for the address everywhere else (22 characters of base64url).
 */
export const recipientSchema = z.strictObject({
  address: z.string(),
  key: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  locale: z.string().optional(),
  variables: z.record(z.string(), z.string()),
})

export type Recipient = z.infer<typeof recipientSchema>

/** Recipients of one batch: the unit of queueing. */
export const BATCH_SIZE = 100
