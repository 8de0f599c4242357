import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDispatcherHandler } from '../../functions/dispatcher/dispatch.ts'
import { orderBatches } from '../../functions/dispatcher/order-batches.ts'
import { planDispatch, QUIET_MS } from '../../functions/dispatcher/plan-dispatch.ts'
import type { BatchRow } from '../../functions/ledger/batch.ts'
import { emptyTally } from '../../functions/notice/notice.ts'
import { createPacer } from '../../functions/pacer/pacer.ts'
import { silentLog } from '../../functions/runtime/log.ts'
import { memoryBatchQueue } from '../memory/memory-batch-queue.ts'
import { memoryLedgerStore } from '../memory/memory-ledger-store.ts'
import { memoryNoticeStore } from '../memory/memory-notice-store.ts'
import { memoryPacerStore } from '../memory/memory-pacer-store.ts'
import { draftNotice, readyAudience } from '../memory/sample-notice.ts'
import { virtualClock } from '../memory/virtual-clock.ts'

const NOW_MS = 1_800_000_000_000

function row(batch: number, changes: Partial<BatchRow> = {}): BatchRow {
  return {
    noticeId: 'n',
    batch,
    state: 'leased',
    run: 1,
    attempt: 1,
    owner: 'someone',
    size: 100,
    claimableAtMs: NOW_MS - 1,
    tally: emptyTally,
    throttles: 0,
    feedbackVersion: 0,
    ...changes,
  }
}

const rows = fc
  .uniqueArray(
    fc.record({
      batch: fc.nat(30),
      state: fc.constantFrom('leased', 'open', 'done'),
      claimableAtMs: fc.integer({ min: NOW_MS - 10 * QUIET_MS, max: NOW_MS + QUIET_MS }),
    }),
    { selector: ({ batch }) => batch },
  )
  .map(made => new Map(made.map(({ batch, ...changes }) => [batch, row(batch, changes)])))

describe('The order of batches', () => {
  it('has every batch once, differs between notices and is the same for the same one', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(500), (noticeId, count) => {
        const order = orderBatches(noticeId, count)
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, batch) => batch))
        expect(orderBatches(noticeId, count)).toEqual(order)
      }),
    )
    expect(orderBatches('n-1', 100)).not.toEqual(orderBatches('n-2', 100))
  })

  it('puts each batch first about equally often', () => {
    const firsts = Array.from({ length: 4_000 }, (_, n) => orderBatches(`n-${n}`, 8)[0] ?? 0)
    for (let batch = 0; batch < 8; batch++) {
      const share = firsts.filter(first => first === batch).length / firsts.length
      expect(share).toBeGreaterThan(0.1)
      expect(share).toBeLessThan(0.15)
    }
  })
})

describe('What is dispatched', () => {
  it('at the beginning of a run: every batch that is not done, and no other', () => {
    fc.assert(
      fc.property(rows, known => {
        const planned = planDispatch(draftNotice(), 31, known, 'run-began', NOW_MS)
        const undone = Array.from({ length: 31 }, (_, batch) => batch).filter(
          batch => known.get(batch)?.state !== 'done',
        )
        expect(planned.map(({ batch }) => batch).sort((a, b) => a - b)).toEqual(undone)
        for (const { batch, delayMs } of planned) {
          expect(delayMs).toBe(Math.max(0, (known.get(batch)?.claimableAtMs ?? 0) - NOW_MS))
        }
      }),
    )
  })

  it('in a quiet minute: everything that could be claimed, so that no lost pointer is lost for good', () => {
    fc.assert(
      fc.property(rows, known => {
        const notice = draftNotice({ progressAtMs: NOW_MS - 2 * QUIET_MS })
        const dispatched = planDispatch(notice, 31, known, 'minute', NOW_MS + 20 * QUIET_MS)
        const planned = new Set(dispatched.map(({ batch }) => batch))
        for (let batch = 0; batch < 31; batch++) expect(planned.has(batch)).toBe(known.get(batch)?.state !== 'done')
      }),
    )
  })

  it('in a busy minute: only what a vanished sender left, as soon as it can be claimed', () => {
    const known = [
      row(0),
      row(1, { state: 'done' }),
      row(2, { claimableAtMs: NOW_MS + 80_000 }),
      row(3, { claimableAtMs: NOW_MS + 20_000 }),
      row(4, { state: 'open', claimableAtMs: NOW_MS }),
    ]
    const notice = draftNotice({ progressAtMs: NOW_MS - 5_000 })
    const planned = planDispatch(notice, 6, new Map(known.map(r => [r.batch, r])), 'minute', NOW_MS)
    expect([...planned].sort((a, b) => a.batch - b.batch)).toEqual([
      { batch: 0, delayMs: 0 },
      { batch: 3, delayMs: 20_000 },
    ])
  })

  it('for ten million recipients', () => {
    const rows = Array.from({ length: 100_000 }, (_, batch) => row(batch, { state: batch % 2 ? 'done' : 'leased' }))
    const planned = planDispatch(draftNotice(), 100_000, new Map(rows.map(r => [r.batch, r])), 'minute', NOW_MS)
    expect(planned).toHaveLength(50_000)
  })
})

describe('The dispatcher', () => {
  async function world() {
    const clock = virtualClock(NOW_MS)
    const notices = memoryNoticeStore()
    const ledger = memoryLedgerStore()
    const queue = memoryBatchQueue()
    const store = memoryPacerStore()
    const notice = draftNotice()
    await notices.create(notice)
    await notices.expectAudience(notice.noticeId, 'a-1')
    await notices.recordAudience(notice.noticeId, readyAudience({ batches: 3 }))
    const digests = { contentDigest: notice.contentDigest, audienceDigest: 'audience-digest' }
    await notices.approve(notice.noticeId, { by: 'bob', atMs: 0, ...digests })
    await notices.start(notice.noticeId, clock.now())
    const dispatch = createDispatcherHandler({
      notices,
      ledger,
      queue,
      pacer: createPacer(store, clock),
      account: {
        readQuota: async () => ({
          maxSendRate: 100,
          max24HourSend: undefined,
          sentLast24Hours: 0,
          sendingEnabled: true,
        }),
      },
      clock,
      log: silentLog,
      metrics: { count: () => {}, flush: () => {} },
      rateShare: 0.5,
    })
    return { clock, notices, ledger, queue, store, noticeId: notice.noticeId, dispatch }
  }

  it('queues every batch of a run that has just begun, under the granted share of the rate', async () => {
    const { dispatch, queue, store, noticeId } = await world()
    await dispatch({ noticeId })
    expect(
      queue
        .drain()
        .map(({ batch }) => batch)
        .sort(),
    ).toEqual([0, 1, 2])
    expect(await store.read()).toMatchObject({ baseIntervalUs: 20_000 })
  })

  it('queues nothing of a notice that is stopped', async () => {
    const { dispatch, queue, notices, noticeId } = await world()
    await notices.stop(noticeId, { kind: 'operator', by: 'ada' }, NOW_MS)
    await dispatch({ noticeId })
    await dispatch({ 'detail-type': 'Scheduled Event' })
    expect(queue.drain()).toEqual([])
  })

  it('does not take the cached count for the truth', async () => {
    const { dispatch, notices, noticeId } = await world()
    await notices.addToTally(noticeId, { ...emptyTally, accepted: 300 }, 3, NOW_MS)
    await dispatch({ noticeId })
    expect(await notices.read(noticeId)).toMatchObject({ state: 'sending', batchesDone: 0, tally: { accepted: 0 } })
  })

  it('finishes a notice whose senders died after their last batch, with the exact sums', async () => {
    const { dispatch, ledger, notices, noticeId } = await world()
    const tally = { ...emptyTally, accepted: 100 }
    for (const batch of [0, 1, 2]) {
      const lease = { leaseMs: 1, settleDelayMs: 1 }
      await ledger.claim({ noticeId, run: 1, batch, size: 100, owner: `o-${batch}`, nowMs: NOW_MS, ...lease })
      const progress = { tally, firstAcceptedAtMs: 1, lastAcceptedAtMs: 2, throttles: 0 }
      await ledger.finish({ noticeId, batch, owner: `o-${batch}` }, progress, 0)
    }
    await dispatch({ 'detail-type': 'Scheduled Event' })
    expect(await notices.read(noticeId)).toMatchObject({ state: 'finished', tally: { accepted: 300 }, batchesDone: 3 })
  })
})
