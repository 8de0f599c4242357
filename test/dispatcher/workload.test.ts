import { describe, expect, it } from 'vitest'
import { MAIN_LANE, measureWork } from '../../functions/dispatcher/workload.ts'
import type { BatchRow } from '../../functions/ledger/batch.ts'
import { emptyTally, type Notice } from '../../functions/notice/notice.ts'
import { batchRow } from '../memory/batch-row.ts'
import { draftNotice } from '../memory/sample-notice.ts'

const NOW_MS = 1_800_000_000_000

/** Of one batch of a hundred that is in the queue. */
function workOf(row: Partial<BatchRow>, changes: Partial<Notice> = {}) {
  const run = changes.run ?? 1
  const feed = { run, queued: { [MAIN_LANE]: 1 }, turn: 1, sinceMs: 0, atMs: 0, ratePerSecond: 1, beside: 0 }
  const notice = draftNotice({ state: 'sending', run, feed, ...changes })
  const slices = [{ offset: 0, length: 1, size: 100, digest: '' }]
  return measureWork({ notice, slices, rows: new Map([[0, batchRow(0, row)]]) }, NOW_MS).get(MAIN_LANE)
}

describe('What is left of a batch', () => {
  const tally = { ...emptyTally, accepted: 60, failed: 5, rejected: 2, suppressed: 1, inDoubt: 12 }

  it('is everybody without a fate, and whoever is in doubt: SES may be asked for them once more', () => {
    expect(workOf({ state: 'open', tally })).toMatchObject({ inFlight: 32, runnable: 32 })
  })

  it('is whom a retry concerns, also where all have a fate', () => {
    const done = {
      state: 'done' as const,
      retryable: 3,
      tally: { ...emptyTally, accepted: 94, failed: 4, rejected: 2 },
    }
    expect(workOf(done, { run: 2, retryRun: 2 })).toMatchObject({ inFlight: 3 })
    expect(workOf(done, { run: 2, retryRun: 2, retryRejected: true })).toMatchObject({ inFlight: 5 })
    expect(workOf(done)).toMatchObject({ inFlight: 0 })
  })

  it('is no more for those who failed for now in a run that is no retry', () => {
    expect(workOf({ state: 'open', tally, retryable: 5 })).toMatchObject({ inFlight: 32 })
  })

  it('could not be sent now while a doubt settles or a lease of nobody runs out, and is in flight all the same', () => {
    const later = { claimableAtMs: NOW_MS + 60_000, tally }
    expect(workOf({ ...later, state: 'open' })).toMatchObject({ inFlight: 32, runnable: 0, waiting: 32 })
    const silent = { ...later, state: 'leased' as const, aliveAtMs: NOW_MS - 15_000 }
    expect(workOf(silent)).toMatchObject({ inFlight: 32, runnable: 0, waiting: 32 })
    expect(workOf({ ...silent, aliveAtMs: NOW_MS - 14_999 })).toMatchObject({ inFlight: 32, runnable: 32, waiting: 0 })
  })
})
