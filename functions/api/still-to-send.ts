import { concernedBy, isDone } from '../ledger/batch.ts'
import { settled } from '../ledger/counts.ts'
import type { LedgerStore } from '../ledger/ledger-store.ts'
import type { Notice } from '../notice/notice.ts'

type Ledger = Pick<LedgerStore, 'readBatches'>

/**
 * Recipients that a notice has yet to send to, by its batch rows: those without a fate, and in a retry those that it concerns.
 * May be a batch too many: of a batch that a sender holds, only the rows of the claim before are known.
 */
export async function stillToSend(ledger: Ledger, notice: Notice): Promise<number> {
  const { noticeId, retryRun, audience } = notice
  let left = audience?.state === 'ready' ? audience.recipients : 0
  for await (const row of ledger.readBatches(noticeId)) {
    left -= settled(row.tally)
    if (retryRun !== undefined && !isDone(row, notice)) left += concernedBy(notice, row)
  }
  return Math.max(0, left)
}

/**
 * What the other notices that are being sent have yet to send to: by the counts that are cached on them, which are seconds old,
 * but for a retry, which they do not show.
 */
export async function pendingOf(ledger: Ledger, others: readonly Notice[]): Promise<number> {
  let pending = 0
  for (const other of others) {
    if (other.retryRun !== undefined) pending += await stillToSend(ledger, other)
    else if (other.audience?.state === 'ready') pending += Math.max(0, other.audience.recipients - settled(other.tally))
  }
  return pending
}
