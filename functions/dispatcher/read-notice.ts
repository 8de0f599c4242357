import { addBatch, type BatchRow, type BatchSum, emptySum } from '../ledger/batch.ts'
import type { LedgerStore } from '../ledger/ledger-store.ts'
import type { Notice } from '../notice/notice.ts'
import type { NoticeStore } from '../notice/notice-store.ts'
import type { Clock } from '../runtime/clock.ts'

/** Rows are read at most so fast, so that senders find most of their partition's 3,000 reads a second free. */
const ROWS_AT_A_TIME = 2_500
const PAUSE_MS = 250

/** A notice that is being sent, with every batch row it has. */
export interface Reading {
  readonly notice: Notice
  readonly batches: number
  readonly rows: ReadonlyMap<number, BatchRow>
  readonly sum: BatchSum
}

export interface ReadNoticePorts {
  readonly notices: Pick<NoticeStore, 'read'>
  readonly ledger: Pick<LedgerStore, 'readBatches'>
  readonly clock: Clock
}

/** Reads the notice before its rows: what is counted on meanwhile is seen. Undefined when it is not being sent. */
export async function readNotice(ports: ReadNoticePorts, noticeId: string): Promise<Reading | undefined> {
  const notice = await ports.notices.read(noticeId)
  if (notice?.state !== 'sending' || notice.audience?.state !== 'ready') return undefined
  return { notice, batches: notice.audience.batches, ...(await readRows(ports, notice)) }
}

export async function readRows(
  { ledger, clock }: Pick<ReadNoticePorts, 'ledger' | 'clock'>,
  { noticeId, retryRun }: Notice,
): Promise<Pick<Reading, 'rows' | 'sum'>> {
  const rows = new Map<number, BatchRow>()
  let sum = emptySum
  for await (const row of ledger.readBatches(noticeId)) {
    rows.set(row.batch, row)
    sum = addBatch(sum, row, retryRun)
    if (rows.size % ROWS_AT_A_TIME === 0) await clock.sleep(PAUSE_MS)
  }
  return { rows, sum }
}
