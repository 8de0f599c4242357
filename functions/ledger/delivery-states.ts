import type { Fact } from './delivery.ts'

/**
 * Every fate of a delivery and every evidence that leads to it: the code, the tests and the diagram in the docs come from here.
 * Of the facts known about one attempt the first rule that holds decides: what SES publishes outweighs what the sender could
 * see, and an answer outweighs its absence. Without evidence a delivery is pending.
 */
export const fateKinds = ['pending', 'accepted', 'rejected', 'failed', 'suppressed', 'inDoubt'] as const
export type FateKind = (typeof fateKinds)[number]

interface Evidence {
  readonly evidence: string
  /** SES's events also come after the sender has lost the answer, or has gone. */
  readonly from: 'event' | 'sender'
  readonly fate: Exclude<FateKind, 'pending'>
  /** Whether a fact is of this kind. */
  readonly holds: (fact: Fact) => boolean
}

const SUPPRESSION = /Suppress/

/** SES answers with a message id also for an address that it will not send to, and then publishes a bounce. */
export function isSuppression(fact: Fact): boolean {
  return fact.fact === 'bounce' && SUPPRESSION.test(fact.detail)
}

const answered = (kind: string) => (fact: Fact) => fact.fact === 'outcome' && fact.outcome.kind === kind

export const evidenceRules = [
  {
    evidence: 'SES has the address on its suppression list',
    from: 'event',
    fate: 'suppressed',
    holds: isSuppression,
  },
  {
    evidence: 'SES rejects the message after accepting it',
    from: 'event',
    fate: 'failed',
    holds: ({ fact }) => fact === 'reject',
  },
  {
    evidence: 'an event of SES proves that it accepted',
    from: 'event',
    fate: 'accepted',
    holds: ({ fact }) => fact !== 'outcome' && fact !== 'vanished',
  },
  { evidence: 'SES answers with a message id', from: 'sender', fate: 'accepted', holds: answered('accepted') },
  { evidence: 'the leak guard refuses the message', from: 'sender', fate: 'rejected', holds: answered('rejected') },
  {
    evidence: 'SES refuses the recipient, or the message cannot be made',
    from: 'sender',
    fate: 'failed',
    holds: answered('failed'),
  },
  { evidence: "SES's answer is lost", from: 'sender', fate: 'inDoubt', holds: answered('inDoubt') },
  {
    evidence: 'the sender ends before it can record an answer',
    from: 'sender',
    fate: 'inDoubt',
    holds: ({ fact }) => fact === 'vanished',
  },
] as const satisfies readonly Evidence[]

/** After which fates a recipient may be sent to again, as the next attempt, and why. */
export const sentAgainAfter = {
  inDoubt: 'the settle delay has passed without an event, and the policy is resend',
  failed: 'an operator retries, and the reason was a passing one',
  accepted: 'an operator retries, and the message bounced for a passing reason',
  rejected: 'an operator retries those rejected as well, and has said why that is safe',
} as const satisfies Partial<Record<FateKind, string>>
