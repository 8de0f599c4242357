import { expect, it } from 'vitest'
import type { BatchRow } from '../../functions/ledger/batch.ts'
import type { Fact, Outcome } from '../../functions/ledger/delivery.ts'
import { planBatch } from '../../functions/sender/plan-batch.ts'
import { batchRow } from '../memory/batch-row.ts'
import { people } from './sender-world.ts'

const recipients = people(3)
const [ana, bob, eve] = recipients.map(({ key }) => key)

const outcome = (recipientKey: string | undefined, attempt: number, said: Outcome): Fact => ({
  ...{ fact: 'outcome', noticeId: 'n', batch: 0, recipientKey: recipientKey ?? '', attempt, atMs: 1 },
  outcome: said,
})
const doubt = { kind: 'inDoubt', reason: 'no answer came' } as const
const passing = { kind: 'failed', reason: 'not yet verified', passing: true } as const
const accepted = { kind: 'accepted', messageId: 'm' } as const

const sendsTo = (facts: readonly Fact[], changes: Partial<BatchRow>) =>
  planBatch({ recipients, facts, row: batchRow(0, changes), policy: 'resend' }).toSend.map(({ position }) => position)

it('a retry sends to whoever failed for a passing reason, and to nobody in doubt', () => {
  const facts = [outcome(ana, 1, doubt), outcome(bob, 1, passing), outcome(eve, 1, accepted)]
  expect(sendsTo(facts, { attempt: 2, retryAfter: 1 })).toEqual([1])
})

it('of one retry nobody is sent to twice, unless in doubt', () => {
  const facts = [
    ...[outcome(ana, 1, passing), outcome(ana, 2, passing)],
    ...[outcome(bob, 1, passing), outcome(bob, 2, doubt)],
    outcome(eve, 1, accepted),
  ]
  expect(sendsTo(facts, { attempt: 3, retryAfter: 1 })).toEqual([1])
})
