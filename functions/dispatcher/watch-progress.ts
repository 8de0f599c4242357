import { type BatchRow, isDone } from '../ledger/batch.ts'
import { addTallies } from '../ledger/counts.ts'
import { emptyTally, type Notice, type Progress, type Tally } from '../notice/notice.ts'
import { STALL_MS, type StallReason } from '../notice/stall-reasons.ts'

/** What counts as progress when it changes: recipients by fate, and batches done. */
export interface Fates {
  readonly tally: Tally
  readonly batchesDone: number
}

/** Recipients with a fate. One in doubt is tried again until its batch is done, so to fall into doubt is no progress. */
export function sumFates(rows: Iterable<BatchRow>, notice: Pick<Notice, 'retryRun' | 'retryRejected'>): Fates {
  let tally = emptyTally
  let batchesDone = 0
  for (const row of rows) {
    const done = isDone(row, notice)
    tally = addTallies(tally, done ? row.tally : { ...row.tally, inDoubt: 0 })
    if (done) batchesDone++
  }
  return { tally, batchesDone }
}

/** What is known of a notice's progress after a look at it. A new run begins afresh; a reason stands until progress is seen. */
export function observeProgress(
  { run, lastProgress }: Pick<Notice, 'run' | 'lastProgress'>,
  fates: Fates,
  nowMs: number,
  diagnose: () => StallReason,
): Progress {
  if (lastProgress?.run !== run || !sameFates(lastProgress, fates)) return { run, ...fates, atMs: nowMs }
  if (nowMs - lastProgress.atMs < STALL_MS) return lastProgress
  const stalledBy = diagnose()
  return stalledBy === lastProgress.stalledBy ? lastProgress : { ...lastProgress, stalledBy }
}

export function sameFates(a: Fates, b: Fates): boolean {
  const { accepted, rejected, failed, suppressed, inDoubt } = a.tally
  return (
    a.batchesDone === b.batchesDone &&
    accepted === b.tally.accepted &&
    rejected === b.tally.rejected &&
    failed === b.tally.failed &&
    suppressed === b.tally.suppressed &&
    inDoubt === b.tally.inDoubt
  )
}
