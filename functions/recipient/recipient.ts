import * as z from 'zod'

/** What a row of an audience says: whose it is, in which language, and with which values. */
export interface AudienceRow {
  readonly address: string
  /** The keyed hash that stands for the address everywhere else: 22 characters of base64url. */
  readonly key: string
  readonly locale?: string | undefined
  readonly variables: Readonly<Record<string, string>>
}

/** Texts by name, kept as they were parsed: a record of zod would lose a name such as `__proto__`. */
const texts = z.custom<Record<string, string>>(isTexts, 'Variables are texts by name')
const keyedHash = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

/**
 * One person of an audience, as it lies in the audience bucket: one line of NDJSON a recipient. The seal binds all that the
 * row says, so that no part of it can pass for a part of another row.
 */
export const recipientSchema = z.strictObject({
  address: z.string(),
  key: keyedHash,
  locale: z.string().optional(),
  variables: texts,
  seal: keyedHash,
}) satisfies z.ZodType<AudienceRow>

export type Recipient = z.infer<typeof recipientSchema>

/** Recipients of one batch: the unit of queueing. */
export const BATCH_SIZE = 100

function isTexts(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every(text => typeof text === 'string')
}
