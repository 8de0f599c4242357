import type { BatchRow } from '../ledger/batch.ts'
import { addCounts, type BatchCounts, countsOfDelivery, emptyCounts } from '../ledger/counts.ts'
import type { Fact } from '../ledger/delivery.ts'
import { type Delivery, factsByRecipient, foldDelivery, retryable } from '../ledger/fate.ts'
import { vanished } from '../ledger/lease.ts'
import type { Notice } from '../notice/notice.ts'
import type { Recipient } from '../recipient/recipient.ts'
import { DOUBTS_PER_RECIPIENT } from './ports.ts'

/** A recipient to whom this claim sends, and where it lies in its batch. */
export interface Sendable {
  readonly recipient: Recipient
  readonly position: number
}

/** What one claim of a batch has to do. */
export interface BatchPlan {
  /** In the order of the batch. */
  readonly toSend: readonly Sendable[]
  /** For whom the previous holder may have begun a call without recording an answer: to be written before anything is sent. */
  readonly doubts: readonly Fact[]
  /** Everything known of each recipient, those doubts among it … */
  readonly known: ReadonlyMap<string, readonly Fact[]>
  /** … and what it adds up to. */
  readonly counts: BatchCounts
}

/** What one claim has found. */
export interface FoundBatch {
  readonly recipients: readonly Recipient[]
  readonly facts: readonly Fact[]
  readonly row: BatchRow
  readonly previous: BatchRow | undefined
  readonly policy: Notice['inDoubtPolicy']
}

/**
 * Decides for each recipient of a claimed batch. The claim itself has waited for the previous lease and the settle delay, so
 * what SES accepted has its SEND event among the facts; whoever is unknown still follows the notice's policy.
 */
export function planBatch(found: FoundBatch): BatchPlan {
  const doubts = doubtsOf(found)
  const known = factsByRecipient([...found.facts, ...doubts])
  let counts = emptyCounts
  const toSend: Sendable[] = []
  for (const [position, recipient] of found.recipients.entries()) {
    const delivery = foldDelivery(known.get(recipient.key) ?? [])
    counts = addCounts(counts, countsOfDelivery(delivery))
    if (needsSending(delivery, found.policy, found.row.retryAfter)) toSend.push({ recipient, position })
  }
  return { toSend, doubts, known, counts }
}

/** Whether nothing final is known of a recipient: never sent to, in doubt under a policy to resend, or to be retried. */
function needsSending(delivery: Delivery, policy: Notice['inDoubtPolicy'], retryAfter: number): boolean {
  const { fate, attempt, doubts } = delivery
  if (fate.kind === 'pending') return true
  if (fate.kind === 'inDoubt') return policy === 'resend' && doubts < DOUBTS_PER_RECIPIENT
  return retryable(delivery) && attempt <= retryAfter
}

/** The recipients that a holder which vanished was about to send to, began no later than it died, and left without a fact. */
function doubtsOf({ recipients, facts, previous, policy }: FoundBatch): readonly Fact[] {
  if (!vanished(previous)) return []
  const { noticeId, batch, attempt, aliveAtMs, begun, retryAfter } = previous
  const known = factsByRecipient(facts)
  return recipients.slice(0, begun).flatMap(({ key }): Fact[] => {
    const own = known.get(key) ?? []
    if (own.some(fact => fact.attempt === attempt)) return []
    if (!needsSending(foldDelivery(own), policy, retryAfter)) return []
    return [{ fact: 'vanished', noticeId, batch, recipientKey: key, attempt, atMs: aliveAtMs }]
  })
}
