import * as z from 'zod'
import { findingSchema } from '../notice/history.ts'

/**
 * A delivery is the fold of the facts known about one recipient under one notice. Facts are only ever
 * added, by plain puts: they commute and repeat harmlessly, so that late, early and duplicated events need no care. Every fact
 * belongs to an attempt, the number of the claim under which its message was made, and no attempt overwrites another's.
 * The sender writes `outcome` and `vanished`; feedback writes what SES publishes.
 */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('accepted'), messageId: z.string() }),
  /** Refused by the leak guard: nothing left. */
  findingSchema.extend({ kind: z.literal('rejected') }),
  /** Not accepted. `passing`: the reason may pass, so that a retry makes sense. */
  z.strictObject({ kind: z.literal('failed'), reason: z.string(), passing: z.boolean() }),
  z.strictObject({ kind: z.literal('inDoubt'), reason: z.string() }),
])
export type Outcome = z.infer<typeof outcomeSchema>

const attemptForRecipient = {
  noticeId: z.string(),
  batch: z.number().int().nonnegative(),
  recipientKey: z.string(),
  attempt: z.number().int().positive(),
  atMs: z.number(),
}

export const factSchema = z.discriminatedUnion('fact', [
  z.strictObject({ ...attemptForRecipient, fact: z.literal('outcome'), outcome: outcomeSchema }),
  /** The sender of this attempt may have begun a call, and ended before it could record an answer. */
  z.strictObject({ ...attemptForRecipient, fact: z.literal('vanished') }),
  z.strictObject({ ...attemptForRecipient, fact: z.literal('send'), messageId: z.string() }),
  z.strictObject({ ...attemptForRecipient, fact: z.literal('delivery'), messageId: z.string() }),
  z.strictObject({ ...attemptForRecipient, fact: z.literal('delay'), messageId: z.string(), detail: z.string() }),
  z.strictObject({ ...attemptForRecipient, fact: z.literal('bounce'), messageId: z.string(), detail: z.string() }),
  z.strictObject({ ...attemptForRecipient, fact: z.literal('complaint'), messageId: z.string(), detail: z.string() }),
  z.strictObject({ ...attemptForRecipient, fact: z.literal('reject'), messageId: z.string(), detail: z.string() }),
])
export type Fact = z.infer<typeof factSchema>
export type OutcomeFact = Extract<Fact, { fact: 'outcome' }>
export type FeedbackFact = Extract<Fact, { messageId: string }>

/** What tells a fact from every other of its batch. */
export function factId({ recipientKey, attempt, fact }: Pick<Fact, 'recipientKey' | 'attempt' | 'fact'>): string {
  return `${recipientKey}#${String(attempt).padStart(4, '0')}#${fact}`
}

/** Each fact once. One that was told again with another time or detail counts as of the latest, in whatever order it was written. */
export function latestTellings(facts: Iterable<Fact>): Fact[] {
  const latest = new Map<string, Fact>()
  for (const fact of facts) {
    const id = factId(fact)
    const other = latest.get(id)
    if (other === undefined || isLater(fact, other)) latest.set(id, fact)
  }
  return [...latest.values()]
}

function isLater(fact: Fact, other: Fact): boolean {
  return fact.atMs === other.atMs ? JSON.stringify(fact) > JSON.stringify(other) : fact.atMs > other.atMs
}
