import type { NoticeStore } from '../notice/notice-store.ts'
import type { Clock } from '../runtime/clock.ts'
import type { BatchRow } from './batch.ts'
import { countsOf, sameCounts, subtractTallies } from './counts.ts'
import type { LedgerStore } from './ledger-store.ts'

export interface RecountPorts {
  readonly notices: Pick<NoticeStore, 'addToTally'>
  readonly ledger: Pick<LedgerStore, 'announceFeedback' | 'readFacts' | 'recount'>
  readonly clock: Clock
}

/**
 * Sums a done batch again after a fact that changes a fate. Announcing first means that a sender which is just finishing the
 * batch either sees the announcement and sums for itself, or has finished before it and is corrected here; and that of two
 * recounts the one that has read more wins. May be repeated.
 */
export async function recountBatch(
  { notices, ledger, clock }: RecountPorts,
  { noticeId, batch }: { readonly noticeId: string; readonly batch: number },
): Promise<void> {
  let row = await ledger.announceFeedback(noticeId, batch)
  while (row?.state === 'done') {
    const counts = countsOf(await ledger.readFacts(noticeId, batch))
    if (sameCounts(counts, row)) return
    const change = await ledger.recount(noticeId, batch, counts, row.feedbackVersion)
    if (change.kind === 'lost') return
    if (change.kind === 'changed') {
      await notices.addToTally(noticeId, subtractTallies(counts.tally, row.tally), 0, clock.now())
      return
    }
    row = change.row
  }
}

/**
 * Whether an event that is neither bounce nor complaint may still change what a batch adds up to: by vouching for an attempt
 * that had no answer, or by showing that a message which seemed to bounce has arrived.
 */
export function mayStillChange({
  attempt,
  tally,
  retryable,
}: Pick<BatchRow, 'attempt' | 'tally' | 'retryable'>): boolean {
  return attempt > 1 || tally.inDoubt > 0 || retryable > 0
}
