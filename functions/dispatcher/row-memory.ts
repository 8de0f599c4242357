import { addBatch, type BatchRow, emptySum, isDone } from '../ledger/batch.ts'
import type { LedgerStore } from '../ledger/ledger-store.ts'
import type { BatchSlice } from '../recipient/audience.ts'
import type { Clock } from '../runtime/clock.ts'
import { type Rows, readRows, type SendingNotice } from './read-notice.ts'
import { fedBatches } from './workload.ts'

/** So many rows are read one by one rather than with all others: at a low rate, of a long notice, that is a small part of them. */
const ROWS_ONE_BY_ONE = 40
/** Until all rows are read again, a row more is waited so long, within these bounds: what feedback changes is seen that late. */
const FULL_AFTER_MS_A_ROW = 10
const FULL_AFTER_MS = { least: 15_000, most: 300_000 } as const

/**
 * What a dispatcher has read of the rows of a notice, so that it need not read all of them in each round: only batches that
 * were fed and are not done, or that somebody holds, can change by sending. It would else read the more rows the slower it
 * sends. Forgotten with the process, and with each run; then all are read.
 */
export interface RowMemory {
  read(notice: SendingNotice, slices: readonly BatchSlice[]): Promise<Rows>
  forget(noticeId: string): void
}

interface Remembered {
  readonly run: number
  readonly fullAtMs: number
  readonly rows: Map<number, BatchRow>
}

export function rememberRows(ports: {
  readonly ledger: Pick<LedgerStore, 'readBatches' | 'readBatch'>
  readonly clock: Clock
}): RowMemory {
  const memory = new Map<string, Remembered>()

  async function readAll(notice: SendingNotice): Promise<Rows> {
    const fullAtMs = ports.clock.now()
    const { rows, sum } = await readRows(ports, notice)
    memory.set(notice.noticeId, { run: notice.run, fullAtMs, rows: new Map(rows) })
    return { rows, sum, exact: true }
  }

  async function readSome(
    notice: SendingNotice,
    rows: Map<number, BatchRow>,
    batches: readonly number[],
  ): Promise<Rows> {
    const read = await Promise.all(batches.map(batch => ports.ledger.readBatch(notice.noticeId, batch)))
    for (const row of read) if (row !== undefined) rows.set(row.batch, row)
    return { rows, sum: rows.values().reduce((sum, row) => addBatch(sum, row, notice), emptySum), exact: false }
  }

  return {
    read: async (notice, slices) => {
      const known = memory.get(notice.noticeId)
      if (known?.run !== notice.run || ports.clock.now() - known.fullAtMs >= fullAfterMs(known.rows.size)) {
        return readAll(notice)
      }
      const open = batchesThatMayChange(notice, slices, known.rows)
      return open.length > ROWS_ONE_BY_ONE ? readAll(notice) : readSome(notice, known.rows, open)
    },
    forget: noticeId => memory.delete(noticeId),
  }
}

function fullAfterMs(rows: number): number {
  return Math.min(FULL_AFTER_MS.most, Math.max(FULL_AFTER_MS.least, rows * FULL_AFTER_MS_A_ROW))
}

function batchesThatMayChange(
  notice: SendingNotice,
  slices: readonly BatchSlice[],
  rows: ReadonlyMap<number, BatchRow>,
): readonly number[] {
  const held = rows
    .values()
    .filter(({ state }) => state === 'leased')
    .map(({ batch }) => batch)
  return [...new Set([...fedBatches(notice, slices), ...held])].filter(batch => {
    const row = rows.get(batch)
    return row === undefined || !isDone(row, notice)
  })
}
