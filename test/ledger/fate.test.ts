import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countsOf } from '../../functions/ledger/counts.ts'
import type { Fact, FeedbackFact, Outcome } from '../../functions/ledger/delivery.ts'
import { fateOf, foldDelivery, retryable } from '../../functions/ledger/fate.ts'
import { emptyTally } from '../../functions/notice/notice.ts'

const base = { noticeId: 'n-1', batch: 0, recipientKey: 'k', atMs: 1 }
const atMs = fc.integer({ min: 1, max: 9 })
const outcome = (attempt: number, said: Outcome): Fact => ({ ...base, fact: 'outcome', attempt, outcome: said })
const accepted = (attempt: number) => outcome(attempt, { kind: 'accepted', messageId: `m-${attempt}` })
const doubt = (attempt: number) => outcome(attempt, { kind: 'inDoubt', reason: 'no answer came' })
const failed = (attempt: number, passing: boolean) => outcome(attempt, { kind: 'failed', reason: 'no', passing })
const rejected = (attempt: number) =>
  outcome(attempt, { kind: 'rejected', rule: 'one-recipient', field: 'Destination', excerpt: '' })
const vanished = (attempt: number): Fact => ({ ...base, fact: 'vanished', attempt })
const event = (attempt: number, fact: 'send' | 'delivery'): Fact => ({
  ...base,
  fact,
  attempt,
  messageId: `m-${attempt}`,
})
const told = (attempt: number, fact: Exclude<FeedbackFact['fact'], 'send' | 'delivery'>, detail: string): Fact => ({
  ...base,
  ...{ fact, attempt, messageId: `m-${attempt}`, detail },
})
const SUPPRESSED = 'Permanent/OnAccountSuppressionList'

const anyFact: fc.Arbitrary<Fact> = fc
  .integer({ min: 1, max: 3 })
  .chain(attempt =>
    fc.constantFrom(
      accepted(attempt),
      doubt(attempt),
      failed(attempt, true),
      failed(attempt, false),
      rejected(attempt),
      vanished(attempt),
      event(attempt, 'send'),
      event(attempt, 'delivery'),
      told(attempt, 'bounce', 'Permanent/General'),
      told(attempt, 'bounce', 'Transient/MailboxFull'),
      told(attempt, 'bounce', SUPPRESSED),
      told(attempt, 'complaint', 'abuse'),
      told(attempt, 'delay', 'MailboxFull'),
      told(attempt, 'reject', 'Bad content'),
    ),
  )
/** What a table can hold: one fact of a kind for each attempt. */
const anyFacts = fc.uniqueArray(
  fc.tuple(anyFact, atMs).map(([fact, at]): Fact => ({ ...fact, atMs: at })),
  { selector: ({ attempt, fact }) => `${attempt}#${fact}`, maxLength: 12 },
)

describe('The fate of a recipient', () => {
  it('is pending without a fact', () => {
    expect(fateOf([])).toEqual({ kind: 'pending' })
  })

  it.each([
    ['in doubt when the answer is lost', [doubt(1)], 'inDoubt'],
    ['in doubt when the sender vanished', [vanished(1)], 'inDoubt'],
    ['accepted when the sender recorded it after all', [vanished(1), accepted(1)], 'accepted'],
    ['accepted once an event vouches for it', [doubt(1), event(1, 'send')], 'accepted'],
    ['accepted also when only its bounce is known', [told(1, 'bounce', 'Permanent/General')], 'accepted'],
    ['suppressed when SES never tried', [accepted(1), told(1, 'bounce', SUPPRESSED)], 'suppressed'],
    ['failed when SES rejects it after accepting', [accepted(1), told(1, 'reject', 'Bad content')], 'failed'],
    ['rejected when the leak guard refuses the message', [failed(1, true), rejected(2)], 'rejected'],
    ['in doubt still when the leak guard refuses the second message', [doubt(1), rejected(2)], 'inDoubt'],
    ['that of the next attempt after a refusal', [rejected(1), accepted(2)], 'accepted'],
    ['that of the last attempt', [failed(1, true), accepted(2)], 'accepted'],
    ['in doubt still when the second call is refused', [doubt(1), failed(2, false)], 'inDoubt'],
    ['accepted when an earlier attempt turns out to be', [doubt(1), event(1, 'send'), doubt(2)], 'accepted'],
    [
      'accepted when a late event proves it of one that was then refused',
      [event(1, 'send'), failed(2, false)],
      'accepted',
    ],
  ] as const)('is %s', (_, facts, kind) => {
    expect(fateOf(facts).kind).toBe(kind)
  })

  it('does not depend on the order of the facts, nor on their repetition', () => {
    fc.assert(
      fc.property(
        anyFacts.chain(facts => fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length }))),
        ([facts, shuffled]) => {
          expect(foldDelivery(shuffled)).toEqual(foldDelivery(facts))
          expect(foldDelivery([...shuffled, ...facts]).fate).toEqual(foldDelivery(facts).fate)
        },
      ),
    )
  })

  it('is beyond doubt, of each attempt by itself, once there is an event of it', () => {
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: 1, max: 3 }), (facts, attempt) => {
        const own = facts.filter(fact => fact.attempt === attempt)
        expect(['pending', 'inDoubt', 'rejected']).not.toContain(fateOf([...own, event(attempt, 'send')]).kind)
      }),
    )
  })

  it('counts every recipient once', () => {
    fc.assert(
      fc.property(fc.array(anyFacts, { maxLength: 6 }), people => {
        const facts = people.flatMap((known, index) => known.map(fact => ({ ...fact, recipientKey: `k-${index}` })))
        const { tally } = countsOf(facts)
        const known = new Set(facts.map(({ recipientKey }) => recipientKey)).size
        expect(Object.values(tally).reduce((sum, count) => sum + count, 0)).toBe(known)
      }),
    )
    expect(countsOf([accepted(1), told(1, 'bounce', SUPPRESSED)]).tally).toEqual({ ...emptyTally, suppressed: 1 })
  })
})

describe('Sent again in doubt', () => {
  it.each([
    ['whoever was sent to after a lost answer', [doubt(1), accepted(2)], true],
    ['also when the first message then turns out to be accepted', [doubt(1), event(1, 'send'), accepted(2)], true],
    ['also when the sender had vanished', [vanished(1), doubt(2)], true],
    ['nobody whose doubt was settled by an event', [doubt(1), event(1, 'send')], false],
    ['nobody who failed and was retried', [failed(1, true), accepted(2)], false],
    [
      'nobody whose message bounced and was retried',
      [accepted(1), told(1, 'bounce', 'Transient/General'), accepted(2)],
      false,
    ],
    ['nobody to whom the leak guard let nothing through', [doubt(1), rejected(2)], false],
  ] as const)('is %s', (_, facts, again) => {
    expect(foldDelivery(facts).sentAgain).toBe(again)
  })

  it('gives every message that SES is known to have accepted', () => {
    expect(foldDelivery([doubt(1), event(1, 'send'), accepted(2)]).messageIds).toEqual(['m-1', 'm-2'])
  })
})

describe('A retry', () => {
  it.each([
    ['a passing failure', [failed(1, true)], true],
    ['a full mailbox', [accepted(1), told(1, 'bounce', 'Transient/MailboxFull')], true],
    [
      'nobody whose mailbox answered by itself',
      [accepted(1), event(1, 'delivery'), told(1, 'bounce', 'Transient/General')],
      false,
    ],
    ['no message that was too large', [accepted(1), told(1, 'bounce', 'Transient/MessageTooLarge')], false],
    ['no lasting failure', [failed(1, false)], false],
    ['no address that does not exist', [accepted(1), told(1, 'bounce', 'Permanent/General')], false],
    ['nobody in doubt', [doubt(1)], false],
    ['nobody who got it', [accepted(1), event(1, 'delivery')], false],
    ['nobody whom a retry has reached', [failed(1, true), accepted(2)], false],
  ] as const)('concerns %s', (_, facts, concerned) => {
    expect(retryable(foldDelivery(facts))).toBe(concerned)
  })
})
