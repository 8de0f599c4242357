import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderBatches } from '../../functions/dispatcher/order-batches.ts'
import { planFeed, type Ration } from '../../functions/dispatcher/plan-feed.ts'
import { measureWork } from '../../functions/dispatcher/workload.ts'
import type { BatchRow } from '../../functions/ledger/batch.ts'
import type { Notice } from '../../functions/notice/notice.ts'
import { batchRow } from '../memory/batch-row.ts'
import { draftNotice } from '../memory/sample-notice.ts'

const NOW_MS = 1_800_000_000_000
const endless: Ration = {
  rates: new Map([['', 100]]),
  ceilingPerSecond: 100,
  room: Number.POSITIVE_INFINITY,
  wholeRoom: Number.POSITIVE_INFINITY,
  paidUntilMs: undefined,
  nowMs: NOW_MS,
}

function plan(
  batches: number,
  ration: Partial<Ration>,
  given: { lane?: string; queued?: number; rows?: BatchRow[] } = {},
) {
  const { lane, queued = 0, rows = [] } = given
  const slice = { offset: 0, length: 1, size: lane === undefined ? 100 : 5, digest: '', ...(lane && { lane }) }
  const feed = { run: 1, queued: { [lane ?? '']: queued }, turn: 1, sinceMs: 0, atMs: 0, ratePerSecond: 1, beside: 0 }
  const notice: Notice = draftNotice({ state: 'sending', run: 1, ...(queued > 0 && { feed }) })
  const work = { notice, slices: Array(batches).fill(slice), rows: new Map(rows.map(row => [row.batch, row])) }
  return planFeed(work, measureWork(work, NOW_MS), { ...endless, ...ration })
}

const order = (batches: number) => orderBatches(draftNotice().noticeId, batches)

describe('The queue is fed', () => {
  it('in the random order of the notice, each batch once, until all are in it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 1, max: 5_000, noNaN: true }), (batches, rate) => {
        const fed: number[] = []
        for (let pass = 0; fed.length < batches && pass < batches; pass++) {
          const done = fed.map(batch => batchRow(batch, { state: 'done' }))
          const next = plan(
            batches,
            { rates: new Map([['', rate]]), ceilingPerSecond: rate },
            { queued: fed.length, rows: done },
          )
          fed.push(...next.batches.map(({ batch }) => batch))
          expect(next.queued['']).toBe(fed.length)
        }
        expect(fed).toEqual(order(batches))
      }),
    )
  })

  it('some fifteen seconds ahead, and two batches at least', () => {
    expect(plan(1_000, { rates: new Map([['', 1_000]]), ceilingPerSecond: 1_000 }).batches).toHaveLength(154)
    expect(plan(1_000, { rates: new Map([['', 100]]) }).batches).toHaveLength(15)
    expect(plan(1_000, { rates: new Map([['', 1]]) }).batches).toHaveLength(2)
  })

  it('with no more than it lacks', () => {
    expect(
      plan(1_000, { rates: new Map([['', 1_000]]), ceilingPerSecond: 1_000 }, { queued: 140 }).batches,
    ).toHaveLength(14)
    expect(plan(1_000, { rates: new Map([['', 1_000]]), ceilingPerSecond: 1_000 }, { queued: 200 }).batches).toEqual([])
  })

  it('with nothing that is done, whatever run did it', () => {
    const done = order(20)
      .slice(0, 10)
      .map(batch => batchRow(batch, { state: 'done' }))
    expect(plan(20, {}, { rows: done }).batches.map(({ batch }) => batch)).toEqual(order(20).slice(10))
  })

  it('with what can be claimed later, held back until then', () => {
    const [first = 0] = order(20)
    const held = batchRow(first, { state: 'open', claimableAtMs: NOW_MS + 42_000 })
    expect(plan(20, {}, { rows: [held] }).batches[0]).toMatchObject({ batch: first, delayMs: 42_000 })
  })

  it('with slow batches only shortly before their turn, so that no sender waits with them', () => {
    const slow = plan(100, { rates: new Map([['163.com', 5]]) }, { lane: '163.com' }).batches
    expect(slow.map(({ delayMs }) => delayMs)).toEqual([
      0,
      0,
      0,
      0,
      ...Array.from({ length: 12 }, (_, second) => (second + 1) * 1_000),
    ])
  })

  it('with nothing while it waits: for its turn, or for a rate', () => {
    expect(plan(20, { rates: new Map() })).toMatchObject({ batches: [], queued: { '': 0 }, quotaIsFull: false })
  })
})

describe('What a notice is fed with', () => {
  it('never exceeds its own share over time, also while nobody else wants the rest, and while SES changes the rate', () => {
    const pass = fc.record({ seconds: fc.nat(20), ceiling: fc.double({ min: 5, max: 500, noNaN: true }) })
    const aheadSeconds = 17
    fc.assert(
      fc.property(fc.array(pass, { maxLength: 40 }), passes => {
        let [fed, due, queued, nowMs] = [0, 0, 0, NOW_MS]
        let paidUntilMs: number | undefined
        for (const { seconds, ceiling } of passes) {
          nowMs += seconds * 1000
          due += seconds * ceiling
          // All that was fed is done at once: the rest of the rate is free.
          const done = order(5_000).slice(0, queued)
          const rows = done.map(batch => batchRow(batch, { state: 'done' }))
          const ration = { rates: new Map([['', ceiling]]), ceilingPerSecond: ceiling, paidUntilMs, nowMs }
          const next = plan(5_000, ration, { queued, rows })
          fed += next.recipients
          queued = next.queued[''] ?? 0
          paidUntilMs = next.paidUntilMs
          const most = Math.max(...passes.map(({ ceiling }) => ceiling))
          expect(fed).toBeLessThanOrEqual(due + most * (aheadSeconds + 20) + 200)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('is one of the few batches that keep senders busy also where it lasts longer than what is fed ahead', () => {
    const slow = { rates: new Map([['', 2]]), ceilingPerSecond: 2 }
    const first = plan(10, slow)
    expect(first.batches).toHaveLength(1)
    expect(first.paidUntilMs).toBe(NOW_MS + 50_000)
    // The next when the first is paid for but for fifteen seconds and its own fifty.
    const fedAt = (nowMs: number) => plan(10, { ...slow, paidUntilMs: first.paidUntilMs, nowMs }, { queued: 1 }).batches
    expect(fedAt(NOW_MS + 34_000)).toHaveLength(0)
    expect(fedAt(NOW_MS + 36_000)).toHaveLength(1)
  })

  it('follows a rate that SES halves, without a pause for what it had before', () => {
    const rates = (ceiling: number) => ({ rates: new Map([['', ceiling]]), ceilingPerSecond: ceiling })
    let [queued, nowMs, fedSlowly] = [0, NOW_MS, 0]
    let paidUntilMs: number | undefined
    for (let round = 0; round < 40; round++) {
      const rows = order(5_000).slice(0, queued)
      const ration = { ...rates(round < 20 ? 1_000 : 500), paidUntilMs, nowMs }
      const next = plan(5_000, ration, { queued, rows: rows.map(batch => batchRow(batch, { state: 'done' })) })
      if (round >= 24) fedSlowly += next.recipients
      queued = next.queued[''] ?? 0
      paidUntilMs = next.paidUntilMs
      nowMs += 5_000
    }
    expect(fedSlowly).toBeGreaterThan(0.98 * 500 * 16 * 5)
  })

  it('never exceeds what the daily quota has room for, and says when it does not go on for that', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_499 }), room => {
        const { recipients, quotaIsFull } = plan(100, { room, wholeRoom: 10_000 })
        expect(recipients).toBe(Math.floor(room / 100) * 100)
        expect(quotaIsFull).toBe(true)
      }),
    )
  })

  it('is one batch in a fresh day, where a whole day has no room for one: it would wait for ever', () => {
    expect(plan(5, { room: 60, wholeRoom: 60 }).recipients).toBe(100)
    expect(plan(5, { room: 59, wholeRoom: 60 })).toMatchObject({ recipients: 0, quotaIsFull: true })
    expect(plan(5, { room: 0, wholeRoom: 0 })).toMatchObject({ recipients: 0, quotaIsFull: true })
  })
})
