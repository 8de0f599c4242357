import * as z from 'zod'

/** A queue message: where a batch is, and for which run and turn of it. Holds no personal data. */
export const batchPointerSchema = z.strictObject({
  noticeId: z.string(),
  run: z.number().int().positive(),
  /** Absent in the first turn of a run. */
  turn: z.number().int().positive().optional(),
  batch: z.number().int().nonnegative(),
  /** The lane of the batch; absent in the main lane. */
  lane: z.string().optional(),
})
export type BatchPointer = z.infer<typeof batchPointerSchema>

/** The body of a queue message. */
export const batchPointerText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue('is not JSON')
      return z.NEVER
    }
  })
  .pipe(batchPointerSchema)

/** The queue is a hint, not the truth: a lost, repeated or late pointer delays a batch and does no other harm. */
export interface BatchQueue {
  send(pointers: readonly BatchPointer[], delaySeconds?: number): Promise<void>
}

/** SQS's longest delay. */
export const MAX_DELAY_SECONDS = 900
