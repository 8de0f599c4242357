import { emptyTally, type Tally } from '../notice/notice.ts'
import type { Fact } from './delivery.ts'

/** What became of a recipient, and why. */
export type Fate =
  | { kind: 'pending' }
  | { kind: 'accepted'; messageId: string }
  | { kind: 'rejected'; reason: string }
  | { kind: 'failed'; reason: string }
  | { kind: 'suppressed'; reason: string }
  | { kind: 'inDoubt'; reason: string }

const SUPPRESSION = /Suppress/

/**
 * Folds the facts known about one recipient, in any order. What SES publishes outweighs what the sender could see: an event
 * proves that SES accepted, even if the answer was lost.
 */
export function fateOf(facts: readonly Fact[]): Fate {
  const suppressed = facts.find(fact => fact.fact === 'bounce' && SUPPRESSION.test(fact.detail))
  if (suppressed?.fact === 'bounce') return { kind: 'suppressed', reason: suppressed.detail }
  const refused = facts.find(fact => fact.fact === 'reject')
  if (refused?.fact === 'reject')
    return { kind: 'failed', reason: `SES rejected it after accepting: ${refused.detail}` }
  for (const fact of facts) if (fact.fact !== 'outcome') return { kind: 'accepted', messageId: fact.messageId }
  const last = facts.findLast(fact => fact.fact === 'outcome')
  if (last?.fact !== 'outcome') return { kind: 'pending' }
  const { outcome } = last
  return outcome.kind === 'rejected' ? { kind: 'rejected', reason: `${outcome.rule} in ${outcome.field}` } : outcome
}

/** The facts of a batch by recipient key. */
export function factsByRecipient(facts: readonly Fact[]): ReadonlyMap<string, readonly Fact[]> {
  return Map.groupBy(facts, fact => fact.recipientKey)
}

/** Adds one fate to a tally; pending ones are what is left of the batch. */
export function countFate(tally: Tally, fate: Fate): Tally {
  return fate.kind === 'pending' ? tally : { ...tally, [fate.kind]: tally[fate.kind] + 1 }
}

export function tallyOf(facts: readonly Fact[]): Tally {
  return [...factsByRecipient(facts).values()].map(fateOf).reduce(countFate, emptyTally)
}
