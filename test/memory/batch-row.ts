import { type BatchRow, emptyEffort } from '../../functions/ledger/batch.ts'
import { emptyCounts } from '../../functions/ledger/counts.ts'

/** A batch that a sender holds under the first run. */
export function batchRow(batch: number, changes: Partial<BatchRow> = {}): BatchRow {
  return {
    ...emptyCounts,
    ...emptyEffort,
    noticeId: 'n',
    batch,
    state: 'leased',
    run: 1,
    attempt: 1,
    retryAfter: 0,
    vanished: [],
    owner: 'someone',
    size: 100,
    claimableAtMs: 0,
    aliveAtMs: 0,
    begun: 0,
    feedbackVersion: 0,
    ...changes,
  }
}
