import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import type { Fact, FeedbackFact } from '../ledger/delivery.ts'
import type { LedgerStore } from '../ledger/ledger-store.ts'
import { mayStillChange, recountBatch } from '../ledger/recount.ts'
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

/** Facts that may always change the counts of a batch that is done; other events seldom do (see `mayStillChange`). */
const CHANGES_COUNTS: ReadonlySet<Fact['fact']> = new Set(['bounce', 'complaint', 'reject'])

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
    // All to their end, also when one fails: what is left behind would run on in a later call.
    const settled = await Promise.allSettled(batchesOf(facts).map(batch => settleCounts(ports, batch)))
    for (const result of settled) if (result.status === 'rejected') throw result.reason
    metrics.count('Bounces', facts.filter(({ fact }) => fact === 'bounce').length)
    metrics.count('Complaints', facts.filter(({ fact }) => fact === 'complaint').length)
    metrics.flush()
    return { batchItemFailures }
  }
}

interface BatchWithEvents {
  readonly noticeId: string
  readonly batch: number
  readonly changesCounts: boolean
}

function batchesOf(facts: readonly FeedbackFact[]): readonly BatchWithEvents[] {
  const groups = Map.groupBy(facts, ({ noticeId, batch }) => `${noticeId}#${batch}`)
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return []
    const changesCounts = [first, ...rest].some(({ fact }) => CHANGES_COUNTS.has(fact))
    return [{ noticeId: first.noticeId, batch: first.batch, changesCounts }]
  })
}

/**
 * Brings the counts of a batch up to date with its facts. An event that settles a doubt matters only once the batch is done:
 * until then its sender reads the facts itself, and once more after it is done with a doubt. It writes done and then reads the
 * facts, here the fact is written and then the row read: one of the two sees the other.
 */
async function settleCounts(ports: FeedbackPorts, { changesCounts, ...batch }: BatchWithEvents): Promise<void> {
  if (!changesCounts) {
    const row = await ports.ledger.readBatch(batch.noticeId, batch.batch)
    if (row?.state !== 'done' || !mayStillChange(row)) return
  }
  await recountBatch(ports, batch)
}
