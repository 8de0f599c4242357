import type { Notice } from '../notice/notice.ts'
import type { NoticeStore } from '../notice/notice-store.ts'
import type { Clock } from '../runtime/clock.ts'
import { addBatch, type BatchSum, emptySum } from './batch.ts'
import type { LedgerStore } from './ledger-store.ts'

export async function sumBatches(
  ledger: Pick<LedgerStore, 'readBatches'>,
  notice: Pick<Notice, 'noticeId' | 'retryRun' | 'retryRejected'>,
): Promise<BatchSum> {
  let sum = emptySum
  for await (const row of ledger.readBatches(notice.noticeId)) sum = addBatch(sum, row, notice)
  return sum
}

/**
 * Finishes a notice whose batches are all done. The cached count only says when it is worth looking; the rows decide. Anyone
 * may call it, any number of times.
 */
export async function completeNotice(
  { notices, ledger, clock }: { notices: NoticeStore; ledger: Pick<LedgerStore, 'readBatches'>; clock: Clock },
  notice: Notice,
): Promise<void> {
  if (notice.state !== 'sending' || notice.audience?.state !== 'ready') return
  if (notice.batchesDone < notice.audience.batches) return
  const sum = await sumBatches(ledger, notice)
  if (sum.batchesDone < notice.audience.batches) return
  await notices.finish(notice.noticeId, notice.run, sum.tally, sum.batchesDone, clock.now())
}
