import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findLost, MOST_PER_PASS, type SearchMoment } from '../../functions/dispatcher/find-lost.ts'
import { SILENCE_MS } from '../../functions/dispatcher/lost-pointers.ts'
import { orderBatches } from '../../functions/dispatcher/order-batches.ts'
import { measureWork } from '../../functions/dispatcher/workload.ts'
import type { BatchRow } from '../../functions/ledger/batch.ts'
import type { Notice } from '../../functions/notice/notice.ts'
import { batchRow } from '../memory/batch-row.ts'
import { draftNotice } from '../memory/sample-notice.ts'

const NOW_MS = 1_800_000_000_000
const BATCHES = 31
const NEVER_LOOKED = Number.POSITIVE_INFINITY

/** All of it was fed. */
const feed = { run: 2, queued: { '': 100_000 }, turn: 1, sinceMs: 0, atMs: 0, ratePerSecond: 500, beside: 0 }
const sending = draftNotice({ state: 'sending', run: 2, progressAtMs: NOW_MS - 1_000, feed })
const order = orderBatches(sending.noticeId, BATCHES)
const all = [...order].sort((a, b) => a - b)

const round: SearchMoment = {
  nowMs: NOW_MS,
  lookBackMs: 5_000,
  ratePerSecond: 500,
  recipientsInHand: 4_000,
  othersBacklogMs: 0,
}

const rows = fc
  .uniqueArray(
    fc.record({
      batch: fc.nat(BATCHES - 1),
      state: fc.constantFrom('leased', 'open', 'done'),
      run: fc.constantFrom(1, 2),
      retryable: fc.nat(1),
      aliveAtMs: fc.integer({ min: NOW_MS - 600_000, max: NOW_MS }),
      claimableAtMs: fc.integer({ min: NOW_MS - 600_000, max: NOW_MS + 120_000 }),
    }),
    { selector: ({ batch }) => batch },
  )
  .map(made => new Map(made.map(({ batch, ...changes }) => [batch, batchRow(batch, changes)])))

const known = (...made: readonly BatchRow[]) => new Map(made.map(row => [row.batch, row]))
function planned(notice: Notice, rowsKnown: ReadonlyMap<number, BatchRow>, moment: SearchMoment, batches = BATCHES) {
  const slices = Array(batches).fill({ offset: 0, length: 1, size: 100, digest: '' })
  const work = { notice, slices, rows: rowsKnown }
  return findLost(work, measureWork(work, moment.nowMs), moment).map(({ batch, delayMs }) => ({ batch, delayMs }))
}
const batchesOf = (plan: ReturnType<typeof planned>) => plan.map(({ batch }) => batch).sort((a, b) => a - b)

describe('What is queued again', () => {
  it('never what was not fed yet', () => {
    fc.assert(
      fc.property(rows, fc.nat(BATCHES), (rowsKnown, queued) => {
        const notice = { ...sending, feed: { ...feed, queued: { '': queued } } }
        const moment = { ...round, nowMs: NOW_MS + 600_000, lookBackMs: NEVER_LOOKED }
        const fed = order.slice(0, queued)
        for (const { batch } of planned(notice, rowsKnown, moment)) expect(fed).toContain(batch)
      }),
    )
  })

  it('never what is done, nor what is in the hands of a sender that shows life', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(15_000, NEVER_LOOKED), (rowsKnown, lookBackMs) => {
        for (const { batch } of planned(sending, rowsKnown, { ...round, lookBackMs })) {
          const row = rowsKnown.get(batch)
          expect(row?.state).not.toBe('done')
          if (row?.state === 'leased') expect(NOW_MS - row.aliveAtMs).toBeGreaterThanOrEqual(SILENCE_MS)
        }
      }),
    )
  })

  it('once nobody shows life: everything that waits for no set time, so that nothing lost is lost for good', () => {
    fc.assert(
      fc.property(rows, rowsKnown => {
        const nowMs = NOW_MS + 120_000 + SILENCE_MS
        const plan = planned(sending, rowsKnown, { ...round, nowMs, lookBackMs: NEVER_LOOKED })
        expect(batchesOf(plan)).toEqual(all.filter(batch => rowsKnown.get(batch)?.state !== 'done'))
      }),
    )
  })

  it('in the course of rounds: whatever is not done, within a bounded time, whatever the rows say', () => {
    fc.assert(
      fc.property(rows, rowsKnown => {
        const queued = new Set<number>()
        const longestMs = 120_000 + 2 * SILENCE_MS
        for (let nowMs = NOW_MS; nowMs <= NOW_MS + longestMs; nowMs += round.lookBackMs) {
          const lookBackMs = nowMs === NOW_MS ? NEVER_LOOKED : round.lookBackMs
          for (const { batch } of planned(sending, rowsKnown, { ...round, nowMs, lookBackMs })) queued.add(batch)
        }
        expect([...queued].sort((a, b) => a - b)).toEqual(all.filter(batch => rowsKnown.get(batch)?.state !== 'done'))
      }),
    )
  })

  it('what stays lost, more and more seldom: not every round', () => {
    let pointers = 0
    for (let waitedMs = 0; waitedMs < 3_600_000; waitedMs += round.lookBackMs) {
      pointers += planned(sending, new Map(), { ...round, nowMs: NOW_MS + waitedMs }).length
    }
    // 15 s, then doubled until the hour is over.
    expect(pointers).toBe(8 * BATCHES)
  })
})

describe('A pointer counts as lost', () => {
  const [first = 0, second = 0, third = 0] = order
  const quick = { ...round, ratePerSecond: 1_000 }
  const alive = (batch: number, agoMs: number) => batchRow(batch, { run: 2, aliveAtMs: NOW_MS - agoMs })
  const waiting = (agoMs: number) => batchRow(second, { run: 2, state: 'open', claimableAtMs: NOW_MS - agoMs })

  it('of a vanished sender: at once, held back until its lease and the doubt have passed', () => {
    const vanished = { ...alive(first, SILENCE_MS + 3_000), claimableAtMs: NOW_MS + 52_000 }
    expect(planned(sending, known(vanished, alive(second, 0)), round)).toEqual([{ batch: first, delayMs: 52_000 }])
    const before = { ...round, nowMs: NOW_MS - 4_000 }
    expect(planned(sending, known(vanished, alive(second, 0)), before)).toEqual([])
    const later = { ...round, nowMs: NOW_MS + round.lookBackMs }
    expect(planned(sending, known(vanished, alive(second, -5_000)), later)).toEqual([])
  })

  it('of a batch that others overtook, once that is longer ago than a sender keeps a pointer', () => {
    const overtaken = (agoMs: number) =>
      known(alive(second, 0), { ...alive(third, agoMs), state: 'done' }, ...order.slice(3).map(b => alive(b, 0)))
    expect(planned(sending, overtaken(14_000), quick)).toEqual([])
    expect(planned(sending, overtaken(16_000), quick)).toEqual([{ batch: first, delayMs: 0 }])
    expect(planned(sending, overtaken(24_000), quick)).toEqual([])
    expect(planned(sending, overtaken(31_000), quick)).toEqual([{ batch: first, delayMs: 0 }])
  })

  it('of a batch that was given back, once its time is as long past', () => {
    const rest = order.filter(batch => batch !== second).map(batch => alive(batch, 0))
    expect(planned(sending, known(waiting(-40_000), ...rest), quick)).toEqual([])
    expect(planned(sending, known(waiting(14_000), ...rest), quick)).toEqual([])
    expect(planned(sending, known(waiting(16_000), ...rest), quick)).toEqual([{ batch: second, delayMs: 0 }])
  })

  it('later, while what is queued before it lasts longer', () => {
    const backlog = known(alive(second, 0), { ...alive(third, 21_000), state: 'done' })
    // 30 batches are not done: 30 s at 100 messages a second.
    const slower = { ...round, ratePerSecond: 100, recipientsInHand: 100 }
    expect(planned(sending, backlog, slower)).toEqual([])
    expect(batchesOf(planned(sending, backlog, { ...slower, nowMs: NOW_MS + 9_000 }))).toEqual([first])
  })

  it('not by what an earlier run did: its batches were overtaken, and were given back, long ago', () => {
    const done = { ...alive(third, 600_000), state: 'done', run: 1 } as const
    const earlier = known(alive(second, 0), done, { ...waiting(600_000), batch: order[3] ?? 0, run: 1 })
    expect(planned(sending, earlier, { ...quick, lookBackMs: NEVER_LOOKED })).toEqual([])
  })

  it('at one message a second as well: a sender that shows life each ten seconds is not taken for a quiet queue', () => {
    const sandbox = { ...round, ratePerSecond: 1, recipientsInHand: 2_000 }
    const quiet = { ...sending, progressAtMs: NOW_MS - 120_000 }
    for (let aliveMs = 0; aliveMs <= 10_000; aliveMs += 500) {
      expect(planned(quiet, known(alive(first, aliveMs)), sandbox)).toEqual([])
    }
  })

  it("not while SES's daily quota holds every batch back on purpose", () => {
    const held = order.map(batch => batchRow(batch, { state: 'open', run: 2, claimableAtMs: NOW_MS + 20_000 }))
    const quiet = { ...sending, progressAtMs: NOW_MS - 40_000 }
    expect(planned(quiet, known(...held), { ...round, lookBackMs: NEVER_LOOKED })).toEqual([])
  })

  it('not in quiet either, while senders that are busy with another notice may come to it', () => {
    const quiet = { ...sending, progressAtMs: NOW_MS - 40_000 }
    const looked = { ...round, lookBackMs: NEVER_LOOKED }
    expect(planned(quiet, new Map(), looked)).toHaveLength(BATCHES)
    expect(planned(quiet, new Map(), { ...looked, othersBacklogMs: 60_000 })).toEqual([])
  })
})

describe('Ten million recipients', () => {
  const many = Array.from({ length: 100_000 }, (_, batch) =>
    batchRow(batch, { run: 2, state: batch % 2 ? 'done' : 'open' }),
  )

  it('are recovered a part at a time', () => {
    const again = planned(sending, known(...many), { ...round, lookBackMs: NEVER_LOOKED }, 100_000)
    expect(again).toHaveLength(MOST_PER_PASS)
  })
})
