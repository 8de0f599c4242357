import { addBatch, type BatchRow, type BatchSum, emptySum } from '../ledger/batch.ts'
import type { LedgerStore } from '../ledger/ledger-store.ts'
import type { Notice } from '../notice/notice.ts'
import type { NoticeStore } from '../notice/notice-store.ts'
import type { BatchSlice, ReadyAudience } from '../recipient/audience.ts'
import type { AudienceStore } from '../recipient/audience-store.ts'
import type { Clock } from '../runtime/clock.ts'

/** Rows are read at most so fast, so that senders find most of their partition's 3,000 reads a second free. */
const ROWS_AT_A_TIME = 2_500
const PAUSE_MS = 250

/** A notice that is being sent. */
export type SendingNotice = Notice & { readonly audience: ReadyAudience }

/** A notice that is being sent, with every batch and batch row it has. */
export interface Reading {
  readonly notice: SendingNotice
  readonly slices: readonly BatchSlice[]
  readonly rows: ReadonlyMap<number, BatchRow>
  readonly sum: BatchSum
  /** Whether all rows were read just now; else those that sending may have changed. */
  readonly exact: boolean
}

export type Rows = Pick<Reading, 'rows' | 'sum' | 'exact'>

export interface ReadNoticePorts {
  readonly notices: Pick<NoticeStore, 'read'>
  readonly ledger: Pick<LedgerStore, 'readBatches' | 'readBatch'>
  readonly audiences: Pick<AudienceStore, 'readBatchSlices'>
  readonly clock: Clock
}

/** Undefined when it is not being sent. */
export async function readNotice(
  { notices }: Pick<ReadNoticePorts, 'notices'>,
  noticeId: string,
): Promise<SendingNotice | undefined> {
  const notice = await notices.read(noticeId)
  const { audience } = notice ?? {}
  return notice?.state === 'sending' && audience?.state === 'ready' ? { ...notice, audience } : undefined
}

/** The notice was read before its rows: what is counted on meanwhile is seen. */
export async function readWork(
  { audiences }: Pick<ReadNoticePorts, 'audiences'>,
  rowsOf: (notice: SendingNotice, slices: readonly BatchSlice[]) => Promise<Rows>,
  notice: SendingNotice,
): Promise<Reading> {
  const { audienceId, digest } = notice.audience
  const slices = await audiences.readBatchSlices(audienceId, digest)
  return { notice, slices, ...(await rowsOf(notice, slices)) }
}

export async function readRows(
  { ledger, clock }: { readonly ledger: Pick<LedgerStore, 'readBatches'>; readonly clock: Clock },
  notice: Notice,
): Promise<Pick<Reading, 'rows' | 'sum'>> {
  const rows = new Map<number, BatchRow>()
  let sum = emptySum
  for await (const row of ledger.readBatches(notice.noticeId)) {
    rows.set(row.batch, row)
    sum = addBatch(sum, row, notice)
    if (rows.size % ROWS_AT_A_TIME === 0) await clock.sleep(PAUSE_MS)
  }
  return { rows, sum }
}
