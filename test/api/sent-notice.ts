import { emptyEffort } from '../../functions/ledger/batch.ts'
import { countsOf } from '../../functions/ledger/counts.ts'
import type { Fact, Outcome } from '../../functions/ledger/delivery.ts'
import type { Recipient } from '../../functions/recipient/recipient.ts'
import { BATCH_SIZE } from '../../functions/recipient/recipient.ts'
import { type ApiUnderTest, startOfTest } from './api-under-test.ts'

type Known = Outcome | { readonly event: 'bounce' | 'complaint'; readonly detail: string }

/** What is known of a recipient, attempt by attempt. */
export type History = readonly (readonly Known[])[]

export const accepted = (messageId: string): Outcome => ({ kind: 'accepted', messageId })
export const failed = (reason: string, passing = false): Outcome => ({ kind: 'failed', reason, passing })
export const inDoubt: Outcome = { kind: 'inDoubt', reason: 'no answer came' }

/** Finishes a batch, or leaves it as it ends, with what is known of each of its recipients; whoever is not named got it. */
export async function sendBatch(
  { ledger }: ApiUnderTest,
  { noticeId, batch, end = 'done' }: { noticeId: string; batch: number; end?: 'done' | 'open' | 'leased' },
  recipients: readonly Recipient[],
  histories: Readonly<Record<number, History>> = {},
): Promise<void> {
  const own = recipients.slice(batch * BATCH_SIZE, (batch + 1) * BATCH_SIZE)
  const facts = own.flatMap(({ key }, position) =>
    (histories[position] ?? [[accepted(`m-${batch}-${position}`)]]).flatMap((known, index) =>
      known.map(one => factOf({ noticeId, batch, recipientKey: key, attempt: index + 1 }, one)),
    ),
  )
  await ledger.putFacts(facts)
  const owner = `owner-${batch}`
  const times = { nowMs: startOfTest, leaseMs: 1, settleDelayMs: 1 }
  await ledger.claim({ noticeId, run: 1, retryRun: undefined, batch, size: own.length, owner, ...times })
  const progress = { ...countsOf(facts), ...emptyEffort }
  if (end === 'done') await ledger.finish({ noticeId, batch, owner }, progress, 0)
  else if (end === 'open') await ledger.release({ noticeId, batch, owner }, progress, startOfTest)
}

type About = Pick<Fact, 'noticeId' | 'batch' | 'recipientKey' | 'attempt'>

function factOf(about: About, known: Known): Fact {
  const at = { ...about, atMs: startOfTest + about.attempt * 1000 }
  if (!('event' in known)) return { ...at, fact: 'outcome', outcome: known }
  return { ...at, fact: known.event, messageId: `m-${about.recipientKey}`, detail: known.detail }
}
