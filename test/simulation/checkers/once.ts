import type { Fact } from '../../../functions/ledger/delivery.ts'
import { type Delivery, factsByRecipient, foldDelivery } from '../../../functions/ledger/fate.ts'
import type { Checker, Evidence } from './evidence.ts'
import { factWrites, lastLookAtMs } from './fact-writes.ts'
import { noticesIn } from './ledger-view.ts'
import { type SesCall, sesCalls } from './ses-calls.ts'

/** Between two clocks of processes, and what a request needs on its way. */
const CLOCKS_APART_MS = 101

/**
 * Promise 3: nobody gets a notice twice, unless SES accepted a message and neither its answer nor its events were in the ledger
 * when the sender of the next looked; and then the ledger says so by name. A retry sends to those alone who got nothing for a
 * passing reason.
 */
export const once: Checker = {
  name: 'once',
  check: evidence =>
    [
      ...Map.groupBy(acceptedCalls(evidence), ({ noticeId, recipientKey }) => `${noticeId} ${recipientKey}`).values(),
    ].flatMap(calls => calls.slice(1).flatMap((call, index) => judge(evidence, call, calls.slice(0, index + 1)))),
}

interface AcceptedCall extends SesCall {
  readonly accepted: NonNullable<SesCall['accepted']>
}

function acceptedCalls({ history }: Evidence): readonly AcceptedCall[] {
  return sesCalls(history).flatMap(call => (call.accepted === undefined ? [] : [{ ...call, accepted: call.accepted }]))
}

function judge(evidence: Evidence, call: AcceptedCall, earlier: readonly AcceptedCall[]) {
  const { noticeId, batch, recipientKey, startedAtMs, entry } = call
  const found = (what: string) => [
    { atMs: startedAtMs, what: `${noticeId} ${recipientKey}: sent again by ${entry.process}, ${what}` },
  ]
  const inTables = noticesIn(evidence).get(noticeId)
  const facts = factsByRecipient(inTables?.factsByBatch.get(batch) ?? []).get(recipientKey) ?? []
  const cameBack = new Set(facts.flatMap(fact => (cameBackForNow(fact) ? [fact.messageId] : [])))
  const pending = earlier.filter(({ accepted }) => !cameBack.has(accepted.messageId))
  if (pending.length === 0) return []
  const lookedAtMs = lastLookAtMs(evidence.history, call)
  for (const { accepted } of pending) {
    const knownAtMs = factWrites(evidence.history).knownAtMs(accepted.messageId)
    if (knownAtMs <= lookedAtMs) {
      return found(`though ${accepted.messageId} had been known for ${Math.round(lookedAtMs - knownAtMs)} ms`)
    }
    const waitedMs = startedAtMs - accepted.atMs
    if (waitedMs < evidence.scenario.settleDelayMs - CLOCKS_APART_MS) {
      return found(`only ${Math.round(waitedMs)} ms after ${accepted.messageId}: its doubt had not settled`)
    }
  }
  if (inTables?.notice.inDoubtPolicy === 'leave') return found('against the policy to leave it')
  const arrived = pending.some(({ accepted }) => !neverArrived(facts, accepted.messageId))
  return !arrived || isListed(foldDelivery(facts)) ? [] : found('and the ledger does not tell')
}

const isListed = ({ sentAgain, fate }: Delivery) => sentAgain || fate.kind === 'inDoubt'

/** SES took the message and told that it goes no further: nobody got it. */
function neverArrived(facts: readonly Fact[], messageId: string): boolean {
  return facts.some(
    fact =>
      'messageId' in fact &&
      fact.messageId === messageId &&
      (fact.fact === 'reject' || (fact.fact === 'bounce' && /Suppress/.test(fact.detail))),
  )
}

/** That its message bounced for a passing reason: it may be followed by a retry's. */
export function cameBackForNow(fact: Fact): fact is Extract<Fact, { fact: 'bounce' }> {
  return fact.fact === 'bounce' && /^(Transient|Undetermined)/.test(fact.detail)
}
