import type { Finding } from '../leak-guard/rules.ts'
import { findingOf } from '../notice/history.ts'
import { assertNever } from '../runtime/assert-never.ts'
import type { Fact, Outcome } from './delivery.ts'
import { evidenceRules, isSuppression } from './delivery-states.ts'

/** Bounces that may pass. SES calls it transient also when the content is refused or too large, which a retry cannot change. */
const PASSING_BOUNCE = /^(Transient\/(General|MailboxFull)|Undetermined)/

/** What became of a recipient, and why. */
export type Fate =
  | { readonly kind: 'pending' }
  | { readonly kind: 'accepted'; readonly messageId: string }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly passing: boolean }
  | { readonly kind: 'suppressed'; readonly reason: string }
  | { readonly kind: 'inDoubt'; readonly reason: string }

/** What is known of an accepted message on its further way. */
export interface Reached {
  readonly kind: 'delivered' | 'delayed' | 'bounced' | 'complained'
  readonly detail: string
}

/** Everything that is known of one recipient under one notice. */
export interface Delivery {
  readonly fate: Fate
  /** The attempt that decides, 0 while there is none; and when its fate came about. */
  readonly attempt: number
  readonly atMs: number | undefined
  /** The last attempt by itself. */
  readonly latest: Fate['kind']
  /** Why the leak guard refused the last message, if it did. */
  readonly refused: Finding | undefined
  /** Attempts that are in doubt still. */
  readonly doubts: number
  /** Sent again although an earlier message was, or may have been, accepted: may have got it twice. */
  readonly sentAgain: boolean
  readonly reached: Reached | undefined
  /** Of every message that SES is known to have accepted. */
  readonly messageIds: readonly string[]
}

export const untouched: Delivery = {
  fate: { kind: 'pending' },
  attempt: 0,
  atMs: undefined,
  latest: 'pending',
  refused: undefined,
  doubts: 0,
  sentAgain: false,
  reached: undefined,
  messageIds: [],
}

/**
 * Folds the facts known about one recipient, in any order: each attempt by itself. The last decides, unless an earlier one is
 * known to have been accepted for good; and a refusal says nothing of an earlier attempt that is in doubt.
 */
export function foldDelivery(facts: readonly Fact[]): Delivery {
  const attempts = [...Map.groupBy(facts, ({ attempt }) => attempt)]
    .sort(([a], [b]) => a - b)
    .map(([attempt, known]) => foldAttempt(attempt, known))
  const last = attempts.at(-1)
  if (last === undefined) return untouched
  return {
    ...(attempts.findLast(isAccepted) ??
      (last.fate.kind === 'failed' || last.fate.kind === 'rejected' ? attempts.findLast(isInDoubt) : undefined) ??
      last),
    latest: last.fate.kind,
    refused: last.refused,
    doubts: attempts.filter(isInDoubt).length,
    sentAgain: attempts.slice(0, -1).some(mayHaveArrived) && last.fate.kind !== 'rejected',
    messageIds: attempts.flatMap(({ messageIds }) => messageIds),
  }
}

function foldAttempt(attempt: number, facts: readonly Fact[]): Delivery {
  for (const { holds } of evidenceRules) {
    const [first, ...others] = facts.filter(holds)
    if (first === undefined) continue
    // Several events prove the same: the earliest of them says since when.
    const fact = others.reduce((earliest, other) => (other.atMs < earliest.atMs ? other : earliest), first)
    const messageIds = facts.flatMap(messageIdOf).slice(0, 1)
    const [fate, refused] = [fateFrom(fact), refusalIn(fact)]
    return { ...untouched, fate, refused, attempt, atMs: fact.atMs, reached: reachedBy(facts), messageIds }
  }
  return untouched
}

function fateFrom(fact: Fact): Fate {
  switch (fact.fact) {
    case 'outcome':
      return fateFromOutcome(fact.outcome)
    case 'vanished':
      return { kind: 'inDoubt', reason: 'The sender ended before it could record an answer' }
    case 'bounce':
      if (isSuppression(fact)) return { kind: 'suppressed', reason: fact.detail }
      return { kind: 'accepted', messageId: fact.messageId }
    case 'reject':
      return { kind: 'failed', reason: `SES rejected it after accepting: ${fact.detail}`, passing: false }
    case 'send':
    case 'delivery':
    case 'delay':
    case 'complaint':
      return { kind: 'accepted', messageId: fact.messageId }
    default:
      return assertNever(fact)
  }
}

function fateFromOutcome(outcome: Outcome): Fate {
  if (outcome.kind !== 'rejected') return outcome
  return { kind: 'rejected', reason: explainFinding(outcome) }
}

function refusalIn(fact: Fact): Finding | undefined {
  return fact.fact === 'outcome' && fact.outcome.kind === 'rejected' ? findingOf(fact.outcome) : undefined
}

/** As one reads it beside a recipient: the rule, the field, and what stands there, masked. */
export function explainFinding({ rule, field, excerpt }: Finding): string {
  return `${rule} in ${field}${excerpt === '' ? '' : `: ${excerpt}`}`
}

/** A bounce that passes after a delivery is an automatic answer, such as an out-of-office note: the message arrived. */
function reachedBy(facts: readonly Fact[]): Reached | undefined {
  const delivered = facts.some(({ fact }) => fact === 'delivery')
  for (const fact of facts) if (fact.fact === 'complaint') return { kind: 'complained', detail: fact.detail }
  for (const fact of facts) {
    if (fact.fact === 'bounce' && !(delivered && PASSING_BOUNCE.test(fact.detail))) {
      return { kind: 'bounced', detail: fact.detail }
    }
  }
  if (delivered) return { kind: 'delivered', detail: '' }
  for (const fact of facts) if (fact.fact === 'delay') return { kind: 'delayed', detail: fact.detail }
  return undefined
}

function messageIdOf(fact: Fact): readonly string[] {
  if (fact.fact === 'vanished') return []
  if (fact.fact !== 'outcome') return [fact.messageId]
  return fact.outcome.kind === 'accepted' ? [fact.outcome.messageId] : []
}

/** Whether a retry makes sense: nothing arrived, for a reason that may have passed. */
export function retryable({ fate, reached }: Delivery): boolean {
  if (fate.kind === 'failed') return fate.passing
  return fate.kind === 'accepted' && reached?.kind === 'bounced' && PASSING_BOUNCE.test(reached.detail)
}

function isAccepted(attempt: Delivery): boolean {
  return attempt.fate.kind === 'accepted' && !retryable(attempt)
}

function isInDoubt(attempt: Delivery): boolean {
  return attempt.fate.kind === 'inDoubt'
}

function mayHaveArrived(attempt: Delivery): boolean {
  return isInDoubt(attempt) || isAccepted(attempt)
}

export function fateOf(facts: readonly Fact[]): Fate {
  return foldDelivery(facts).fate
}

/** The facts of a batch by recipient key. */
export function factsByRecipient(facts: readonly Fact[]): ReadonlyMap<string, readonly Fact[]> {
  return Map.groupBy(facts, ({ recipientKey }) => recipientKey)
}
