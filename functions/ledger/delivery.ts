import * as z from 'zod'

/**
 * A delivery is the fold of the facts known about one recipient under one notice. Each fact is a row of its own, written
 * with a plain put: facts commute and repeat harmlessly, so that late, early and duplicated events need no care.
 * The sender writes `outcome`; feedback writes what SES publishes.
 */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('accepted'), messageId: z.string() }),
  /** Refused by the leak guard: nothing left. */
  z.strictObject({ kind: z.literal('rejected'), rule: z.string(), field: z.string() }),
  z.strictObject({ kind: z.literal('failed'), reason: z.string() }),
  z.strictObject({ kind: z.literal('inDoubt'), reason: z.string() }),
])
export type Outcome = z.infer<typeof outcomeSchema>

const recipientOfNotice = {
  noticeId: z.string(),
  batch: z.number().int().nonnegative(),
  recipientKey: z.string(),
  atMs: z.number(),
}

export const factSchema = z.discriminatedUnion('fact', [
  z.strictObject({
    ...recipientOfNotice,
    fact: z.literal('outcome'),
    attempt: z.number().int(),
    outcome: outcomeSchema,
  }),
  z.strictObject({ ...recipientOfNotice, fact: z.literal('send'), messageId: z.string() }),
  z.strictObject({ ...recipientOfNotice, fact: z.literal('delivery'), messageId: z.string() }),
  z.strictObject({ ...recipientOfNotice, fact: z.literal('delay'), messageId: z.string(), detail: z.string() }),
  z.strictObject({ ...recipientOfNotice, fact: z.literal('bounce'), messageId: z.string(), detail: z.string() }),
  z.strictObject({ ...recipientOfNotice, fact: z.literal('complaint'), messageId: z.string(), detail: z.string() }),
  z.strictObject({ ...recipientOfNotice, fact: z.literal('reject'), messageId: z.string(), detail: z.string() }),
])
export type Fact = z.infer<typeof factSchema>
export type OutcomeFact = Extract<Fact, { fact: 'outcome' }>
export type FeedbackFact = Exclude<Fact, OutcomeFact>
