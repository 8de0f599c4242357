import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { subtractTallies } from '../ledger/batch.ts'
import type { Fact, FeedbackFact } from '../ledger/delivery.ts'
import { tallyOf } from '../ledger/fate.ts'
import type { LedgerStore } from '../ledger/ledger-store.ts'
import type { NoticeStore } from '../notice/notice-store.ts'
import { assertNever } from '../runtime/assert-never.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { Metrics } from '../runtime/metrics.ts'
import { readEvent } from './read-event.ts'

export interface FeedbackPorts {
  readonly notices: NoticeStore
  readonly ledger: LedgerStore
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/** Facts that may change a fate once a batch is done, and so its counts. */
const CHANGES_COUNTS: ReadonlySet<Fact['fact']> = new Set(['bounce', 'reject'])

/**
 * The `feedback` function: SES events to facts about deliveries. Events may come twice, late, or before the sender has written
 * its own fact; facts are plain puts, so none of that matters. What cannot be read goes to the dead-letter queue.
 */
export function createFeedbackHandler(ports: FeedbackPorts): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const { ledger, log, metrics } = ports
  return async event => {
    const facts: FeedbackFact[] = []
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = []
    for (const { messageId, body } of event.Records) {
      const read = readEvent(body)
      switch (read.kind) {
        case 'fact':
          facts.push(read.fact)
          break
        case 'ignored':
          log.info('Ignored an SES event', { messageId, reason: read.reason })
          break
        case 'unreadable':
          log.error('Could not read an SES event', { messageId, reason: read.reason })
          batchItemFailures.push({ itemIdentifier: messageId })
          break
        default:
          return assertNever(read)
      }
    }
    await ledger.putFacts(facts)
    for (const { noticeId, batch } of batchesToRecount(facts)) await recountBatch(ports, noticeId, batch)
    metrics.count('Bounces', facts.filter(({ fact }) => fact === 'bounce').length)
    metrics.count('Complaints', facts.filter(({ fact }) => fact === 'complaint').length)
    metrics.flush()
    return { batchItemFailures }
  }
}

function batchesToRecount(facts: readonly Fact[]): readonly { noticeId: string; batch: number }[] {
  const changing = facts.filter(({ fact }) => CHANGES_COUNTS.has(fact))
  return [...new Map(changing.map(({ noticeId, batch }) => [`${noticeId}#${batch}`, { noticeId, batch }])).values()]
}

/**
 * Sums a batch again after a fact that changes a fate. Announcing first means that a sender which is just finishing the batch
 * either sees the announcement and sums for itself, or has finished before it and is corrected here.
 */
async function recountBatch({ notices, ledger, clock }: FeedbackPorts, noticeId: string, batch: number): Promise<void> {
  let row = await ledger.announceFeedback(noticeId, batch)
  while (row?.state === 'done') {
    const tally = tallyOf(await ledger.readFacts(noticeId, batch))
    const change = await ledger.recount(noticeId, batch, tally, row.feedbackVersion)
    if (change.kind === 'lost') return
    if (change.kind === 'changed') {
      await notices.addToTally(noticeId, subtractTallies(tally, row.tally), 0, clock.now())
      return
    }
    row = change.row
  }
}
