import * as z from 'zod'

/** Where a batch lies in the indexed audience, what its bytes must hash to, and which lane it belongs to. */
export const batchSliceSchema = z.strictObject({
  /** Byte offset in the recipients object. */
  offset: z.number().int().nonnegative(),
  /** Length in bytes. */
  length: z.number().int().positive(),
  /** Recipients in the batch, at most BATCH_SIZE; in a lane about as many as it gets in a second. */
  size: z.number().int().positive(),
  /** SHA-256 of the slice, hex. */
  digest: z.string(),
  /** The lane that every recipient of the batch belongs to; absent in the main lane. */
  lane: z.string().min(1).optional(),
})
export type BatchSlice = z.infer<typeof batchSliceSchema>

const variablePresence = z.strictObject({
  /** Recipients whose row has this variable (an empty value counts as present). */
  present: z.number().int(),
  /** Line of the first recipient without it (NDJSON only; a CSV row has every column). */
  firstMissingLine: z.number().int().optional(),
})

/** Which of the stack's keys the secret of the audience is made under, for as long as there is the audience. */
const keyId = z.string().min(1)

/** What is known of an uploaded audience. Holds no address, so it may lie in the notices table and go to any reader. */
export const audienceSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('awaiting-upload'), audienceId: z.string() }),
  z.strictObject({ state: z.literal('indexing'), audienceId: z.string(), keyId }),
  z.strictObject({
    state: z.literal('refused'),
    audienceId: z.string(),
    /** What is wrong with the file as a whole, where, and what to do. */
    problem: z.strictObject({ code: z.string(), message: z.string(), line: z.number().int().optional() }),
  }),
  z.strictObject({
    state: z.literal('ready'),
    audienceId: z.string(),
    keyId,
    /** Data rows read; rows = recipients + refusedRows (duplicates are among the refused). */
    rows: z.number().int(),
    recipients: z.number().int().positive(),
    refusedRows: z.number().int(),
    /** Refused rows by reason, e.g. `{ "duplicate": 12, "address-without-domain": 3 }`. */
    refusedByReason: z.record(z.string(), z.number().int()),
    batches: z.number().int().positive(),
    /** SHA-256 over the index of batches, hex: what an approval binds. */
    digest: z.string(),
    /** Recipients by locale as the rows give it; '' counts the rows without one. */
    locales: z.record(z.string(), z.number().int()),
    /** Recipients by lane, for every lane that the stack had when the audience was indexed; all others are in the main lane. */
    lanes: z.record(z.string(), z.number().int()),
    variables: z.record(z.string(), variablePresence),
  }),
])
export type Audience = z.infer<typeof audienceSchema>
export type ReadyAudience = Extract<Audience, { state: 'ready' }>

/**
 * The audience as it is recorded after `next` became known of it; undefined when it takes that no more. Indexing that is
 * repeated goes on under the key with which it began: it writes the same objects.
 */
export function afterRecording(recorded: Audience | undefined, next: Audience): Audience | undefined {
  if (recorded?.audienceId !== next.audienceId || recorded.state === 'ready') return undefined
  return recorded.state === 'indexing' && next.state === 'indexing' ? recorded : next
}

/** The code of a file whose every row was refused: the one refusal of a whole file that leaves a file of refused rows. */
export const NO_RECIPIENTS = 'no-recipients'

/** Whether there is a file of refused rows. */
export function hasRefusedRows(audience: Audience): boolean {
  if (audience.state === 'refused') return audience.problem.code === NO_RECIPIENTS
  return audience.state === 'ready' && audience.refusedRows > 0
}

/** Object keys of one audience. Everything under these prefixes may hold addresses; nothing elsewhere does. */
export const audienceKeys = {
  uploadPrefix: 'uploads/',
  upload: (noticeId: string, audienceId: string) => `uploads/${noticeId}/${audienceId}`,
  recipients: (audienceId: string) => `audiences/${audienceId}/recipients.ndjson`,
  batches: (audienceId: string) => `audiences/${audienceId}/batches`,
  refusedRows: (audienceId: string) => `audiences/${audienceId}/refused-rows.csv`,
} as const
