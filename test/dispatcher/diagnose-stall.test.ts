import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diagnoseStall, type StallEvidence } from '../../functions/dispatcher/diagnose-stall.ts'
import { observeProgress, sumFates } from '../../functions/dispatcher/watch-progress.ts'
import type { BatchRow } from '../../functions/ledger/batch.ts'
import { emptyTally } from '../../functions/notice/notice.ts'
import { STALL_MS, type StallReason, stallReasonNames, stallReasons } from '../../functions/notice/stall-reasons.ts'
import { grantRate } from '../../functions/pacer/gcra.ts'
import { batchRow } from '../memory/batch-row.ts'

const NOW_MS = 1_800_000_000_000
const nowUs = NOW_MS * 1000

const rowsOf = (...rows: readonly Partial<BatchRow>[]) =>
  new Map(rows.map((changes, batch) => [batch, batchRow(batch, { aliveAtMs: NOW_MS, ...changes })]))
const doubt = { ...emptyTally, inDoubt: 10 }
const givenBack = { state: 'open', claimableAtMs: NOW_MS + 30_000 } as const
const vanished = { aliveAtMs: NOW_MS - 40_000, claimableAtMs: NOW_MS + 30_000 }

const quota = { maxSendRate: 14, max24HourSend: 50_000, sentLast24Hours: 10, sendingEnabled: true }
const pacer = grantRate(undefined, 10, nowUs)
const nothing: StallEvidence = {
  notice: { run: 1 },
  rows: new Map(),
  quota,
  pacer,
  waitsForQuota: false,
  othersLive: false,
  nowMs: NOW_MS,
}

/** What stands still, and why. */
const stalls: readonly (readonly [string, Partial<StallEvidence>, StallReason])[] = [
  ['SES has disabled sending', { quota: { ...quota, sendingEnabled: false } }, 'sending-disabled'],
  [
    'the daily quota is used up',
    { quota: { ...quota, sentLast24Hours: 50_000 }, rows: rowsOf(givenBack) },
    'quota-used-up',
  ],
  ['what is left of the share is too little', { waitsForQuota: true, rows: rowsOf(vanished) }, 'quota-used-up'],
  ['batches are on hold and SES does not say why', { quota: undefined, rows: rowsOf(givenBack) }, 'quota-used-up'],
  ['no rate was ever granted', { pacer: undefined }, 'no-rate'],
  ['SES grants a rate of zero', { quota: { ...quota, maxSendRate: 0 } }, 'no-rate'],
  [
    'slots are given out for tomorrow',
    { pacer: { ...pacer, tatUs: nowUs + 8.64e10 }, rows: rowsOf({}) },
    'slots-far-ahead',
  ],
  ['SES throttles every call', { pacer: { ...pacer, throttledAtUs: nowUs - 1e6 }, rows: rowsOf({}) }, 'throttled'],
  ['batches are given back in doubt', { rows: rowsOf({ ...givenBack, tally: doubt }, vanished) }, 'answers-lost'],
  ['leases run out', { rows: rowsOf(vanished, {}) }, 'senders-die'],
  ['a batch is claimed again and again', { rows: rowsOf({ attempt: 5 }) }, 'senders-die'],
  ['another notice has the senders', { othersLive: true }, 'behind-another'],
  ['pointers lie in the queue', {}, 'no-sender-comes'],
  ['what an earlier run left lies in the queue', { notice: { run: 2 }, rows: rowsOf(vanished) }, 'no-sender-comes'],
  ['senders hold batches, and that is all', { rows: rowsOf({}) }, 'unexplained'],
]

describe('A stall is diagnosed', () => {
  it.each(stalls)('when %s', (_, changes, reason) => {
    expect(diagnoseStall({ ...nothing, ...changes })).toBe(reason)
  })

  it('under every reason that people are told of, but the one that keeps the dispatcher from seeing any', () => {
    const seen = new Set(stalls.map(([, , reason]) => reason))
    expect(stallReasonNames.filter(reason => !seen.has(reason))).toEqual(['table-trouble'])
  })

  it('the same whether or not the daily quota is unlimited, and only by what is not done', () => {
    const unlimited = { ...quota, max24HourSend: undefined, sentLast24Hours: 1e9 }
    expect(diagnoseStall({ ...nothing, quota: unlimited })).toBe('no-sender-comes')
    const done = rowsOf({ ...vanished, state: 'done', attempt: 6, tally: doubt })
    expect(diagnoseStall({ ...nothing, rows: done })).toBe('no-sender-comes')
  })

  it('in words that say what is wrong, what follows and what to do', () => {
    for (const { wrong, effect, remedy } of Object.values(stallReasons)) {
      for (const text of [wrong, effect, remedy]) expect(text).toMatch(/^[A-Z].{20,}\.$/)
    }
  })
})

describe('Progress', () => {
  const fates = { tally: { ...emptyTally, accepted: 5 }, batchesDone: 0 }
  const since = { run: 1, ...fates, atMs: NOW_MS }
  const diagnose = () => 'throttled' as const

  it('is any change of the counts, from which the five minutes begin anew', () => {
    const stalled = { ...since, stalledBy: 'throttled' } as const
    const counts = fc.record({
      tally: fc.record({
        accepted: fc.nat(9),
        rejected: fc.nat(9),
        failed: fc.nat(9),
        suppressed: fc.nat(9),
        inDoubt: fc.nat(9),
      }),
      batchesDone: fc.nat(3),
    })
    fc.assert(
      fc.property(counts, changed => {
        fc.pre(JSON.stringify(changed) !== JSON.stringify(fates))
        const laterMs = NOW_MS + 2 * STALL_MS
        const seen = observeProgress({ run: 1, lastProgress: stalled }, changed, laterMs, diagnose)
        expect(seen).toEqual({ run: 1, ...changed, atMs: laterMs })
      }),
    )
  })

  it('that fails to come is a stall after five minutes and not before', () => {
    const at = (elapsedMs: number) =>
      observeProgress({ run: 1, lastProgress: since }, fates, NOW_MS + elapsedMs, diagnose)
    expect(at(STALL_MS - 1)).toBe(since)
    expect(at(STALL_MS)).toEqual({ ...since, stalledBy: 'throttled' })
  })

  it('of an earlier run says nothing of this one', () => {
    const seen = observeProgress({ run: 2, lastProgress: since }, fates, NOW_MS + 2 * STALL_MS, diagnose)
    expect(seen).toEqual({ ...since, run: 2, atMs: NOW_MS + 2 * STALL_MS })
  })

  it('is not made by falling into doubt, but by what remains in doubt when its batch is done', () => {
    const open = rowsOf({ state: 'open', tally: doubt })
    expect(sumFates(open.values(), {})).toEqual({ tally: emptyTally, batchesDone: 0 })
    const done = rowsOf({ state: 'done', tally: doubt })
    expect(sumFates(done.values(), {})).toEqual({ tally: doubt, batchesDone: 1 })
  })
})
