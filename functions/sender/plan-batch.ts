import type { BatchRow } from '../ledger/batch.ts'
import { addCounts, type BatchCounts, countsOfDelivery, emptyCounts } from '../ledger/counts.ts'
import type { Fact } from '../ledger/delivery.ts'
import { factsByRecipient, foldDelivery, retryable } from '../ledger/fate.ts'
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
  /** For whom earlier holders may have begun a call without recording an answer: to be written before anything is sent. */
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
  readonly policy: Notice['inDoubtPolicy']
  /** Whether the last retry is for those rejected too. */
  readonly retryRejected?: boolean | undefined
}

/**
 * Decides for each recipient of a claimed batch. The claim itself has waited for the previous lease and the settle delay, so
 * what SES accepted has its SEND event among the facts; whoever is unknown still follows the notice's policy.
 */
export function planBatch(found: FoundBatch): BatchPlan {
  const { recipients } = found
  const doubts = doubtsOf(found)
  const known = factsByRecipient([...found.facts, ...doubts])
  let counts = emptyCounts
  const toSend: Sendable[] = []
  for (const [position, recipient] of recipients.entries()) {
    const facts = known.get(recipient.key) ?? []
    counts = addCounts(counts, countsOfDelivery(foldDelivery(facts)))
    if (needsSending(facts, found)) toSend.push({ recipient, position })
  }
  return { toSend, doubts, known, counts }
}

/**
 * Whether nothing final is known of a recipient: never sent to, or in doubt under a policy to resend. Of those that a retry
 * found settled, only who failed for a passing reason is sent to again; and who was rejected, if it is said to be safe.
 */
function needsSending(facts: readonly Fact[], { policy, row, retryRejected }: FoundBatch): boolean {
  const delivery = foldDelivery(facts)
  if (delivery.fate.kind === 'pending') return true
  const beforeRetry = facts.every(({ attempt }) => attempt <= row.retryAfter)
  if (beforeRetry) return retryable(delivery) || (retryRejected === true && delivery.fate.kind === 'rejected')
  // Whom SES has refused since, it would refuse again, whatever became of the earlier message.
  const mayResend = delivery.fate.kind === 'inDoubt' && delivery.latest === 'inDoubt'
  return mayResend && policy === 'resend' && delivery.doubts < DOUBTS_PER_RECIPIENT
}

/** The recipients that holders which vanished were about to send to, began no later than they died, and left without a fact. */
function doubtsOf(found: FoundBatch): readonly Fact[] {
  const { recipients, facts, row } = found
  const doubts: Fact[] = []
  for (const { attempt, begun, aliveAtMs } of row.vanished) {
    const known = factsByRecipient([...facts, ...doubts])
    for (const { key: recipientKey } of recipients.slice(0, begun)) {
      const own = known.get(recipientKey) ?? []
      if (own.some(fact => fact.attempt === attempt) || !needsSending(own, found)) continue
      const { noticeId, batch } = row
      doubts.push({ fact: 'vanished', noticeId, batch, recipientKey, attempt, atMs: aliveAtMs })
    }
  }
  return doubts
}
