import { expect, test } from 'vitest'
import { emptyEffort } from '../../functions/ledger/batch.ts'
import { emptyCounts } from '../../functions/ledger/counts.ts'
import { emptyTally, usualPace } from '../../functions/notice/notice.ts'
import { stallReasons } from '../../functions/notice/stall-reasons.ts'
import { type ApiUnderTest, apiUnderTest, customers, operator } from './api-under-test.ts'

async function started(under: ApiUnderTest): Promise<string> {
  const noticeId = await under.draft()
  await under.index(noticeId, customers)
  await under.post(`/notices/${noticeId}/approve`)
  await under.post(`/notices/${noticeId}/start`)
  await under.rates.record(50, under.time.nowMs)
  return noticeId
}

test('a draft has nothing planned and no limit yet', async () => {
  const { get, draft } = apiUnderTest()
  const noticeId = await draft()
  const counts = {
    pace: usualPace,
    planned: 0,
    ...emptyTally,
    pending: 0,
    batches: { planned: 0, done: 0 },
    ratePerSecond: 0,
  }
  const draftOnly = { noticeId, name: 'Index change', state: 'draft', run: 0, ...counts }
  expect((await get(`/notices/${noticeId}/status`)).body).toEqual(draftOnly)
  expect((await get(`/notices/${noticeId}/report`)).body).toEqual({
    ...draftOnly,
    ...{ bounced: 0, complained: 0, retryable: 0, sentAgain: 0, leakGuard: [], seconds: 0, throttles: 0 },
  })
})

test('the status shows the cached counts, the granted limit and the time that is left', async () => {
  const under = apiUnderTest()
  const noticeId = await started(under)
  await under.ports.notices.addToTally(noticeId, { ...emptyTally, accepted: 90, failed: 6, inDoubt: 4 }, 1, 0)
  under.time.nowMs += 2000
  expect((await under.get(`/notices/${noticeId}/status`)).body).toEqual({
    noticeId,
    name: 'Index change',
    state: 'sending',
    run: 1,
    pace: usualPace,
    planned: 150,
    ...{ accepted: 90, rejected: 0, failed: 6, suppressed: 0, inDoubt: 4, pending: 50 },
    batches: { planned: 2, done: 1 },
    limitPerSecond: 50,
    ratePerSecond: 45,
    secondsLeft: 50 / 45,
    startedAt: '2026-11-20T12:00:00.000Z',
  })
})

test('before the first acceptance the time that is left follows from the limit', async () => {
  const under = apiUnderTest()
  const noticeId = await started(under)
  expect((await under.get(`/notices/${noticeId}/status`)).body).toMatchObject({ ratePerSecond: 0, secondsLeft: 3 })
})

test('the status says since when and why a notice stands still, and what to do, while it does', async () => {
  const under = apiUnderTest()
  const noticeId = await started(under)
  const seen = { run: 1, tally: emptyTally, batchesDone: 0, atMs: under.time.nowMs }
  await under.ports.notices.recordProgress(noticeId, { ...seen, stalledBy: 'quota-used-up' })
  expect((await under.get(`/notices/${noticeId}/status`)).body).toMatchObject({
    stall: {
      since: '2026-11-20T12:00:00.000Z',
      reason: 'quota-used-up',
      wrong: stallReasons['quota-used-up'].wrong,
      remedy: stallReasons['quota-used-up'].remedy,
    },
  })
  await under.ports.notices.recordProgress(noticeId, seen)
  expect((await under.get(`/notices/${noticeId}/status`)).body).not.toHaveProperty('stall')
  await under.ports.notices.recordProgress(noticeId, { ...seen, stalledBy: 'throttled' })
  await under.post(`/notices/${noticeId}/stop`)
  expect((await under.get(`/notices/${noticeId}/status`)).body).not.toHaveProperty('stall')
})

test('the time of a stopped notice stands still', async () => {
  const under = apiUnderTest()
  const noticeId = await started(under)
  await finishBatch(under, noticeId, 0, 100, { accepted: 100 }, 0, 2000)
  under.time.nowMs += 4000
  await under.post(`/notices/${noticeId}/stop`)
  under.time.nowMs += 60_000
  const { body } = await under.get(`/notices/${noticeId}/status`)
  expect(body).toMatchObject({ state: 'stopped', ratePerSecond: 25, stopReason: { kind: 'operator', by: operator } })
  expect(body).not.toHaveProperty('secondsLeft')
})

test.each([
  ['more people than there are', { accepted: 400 }],
  ['fewer than none', { accepted: 99, inDoubt: -1 }],
])('cached counts of %s are not told: the batches are added up', async (_, wrong) => {
  const under = apiUnderTest()
  const noticeId = await started(under)
  await finishBatch(under, noticeId, 0, 100, { accepted: 99, failed: 1 }, 0, 2000)
  await under.ports.notices.addToTally(noticeId, { ...emptyTally, ...wrong }, 1, 0)
  const { body } = await under.get(`/notices/${noticeId}/status`)
  expect(body).toMatchObject({ state: 'sending', accepted: 99, failed: 1, inDoubt: 0, pending: 50 })
})

test('the report adds up the batches, whatever the cached counts say', async () => {
  const under = apiUnderTest()
  const noticeId = await started(under)
  await under.ports.notices.addToTally(noticeId, { ...emptyTally, accepted: 1 }, 1, 0)
  await finishBatch(under, noticeId, 0, 100, { accepted: 99, failed: 1 }, 0, 2000)
  await finishBatch(under, noticeId, 1, 50, { accepted: 2, rejected: 1 }, 1000, 4000)
  const { body } = await under.get(`/notices/${noticeId}/report`)
  expect(body).toMatchObject({
    planned: 150,
    ...{ accepted: 101, rejected: 1, failed: 1, suppressed: 0, inDoubt: 0, pending: 47 },
    batches: { planned: 2, done: 2 },
    firstAcceptedAt: '2026-11-20T12:00:00.000Z',
    lastAcceptedAt: '2026-11-20T12:00:04.000Z',
    seconds: 4,
    ratePerSecond: 25,
    limitPerSecond: 50,
    utilisation: 0.5,
    throttles: 6,
    audience: {
      rows: 152,
      recipients: 150,
      refusedRows: 2,
      refusedByReason: { duplicate: 1, 'address-without-domain': 1 },
    },
    approval: { by: operator },
  })
})

async function finishBatch(
  { ledger, time }: ApiUnderTest,
  noticeId: string,
  batch: number,
  size: number,
  counts: object,
  firstMs: number,
  lastMs: number,
) {
  const owner = `owner-${batch}`
  const claim = { noticeId, run: 1, retryRun: undefined, batch, size, owner, nowMs: 0, leaseMs: 1, settleDelayMs: 1 }
  await ledger.claim(claim)
  const acceptances = { en: { count: size, firstMs: time.nowMs + firstMs, lastMs: time.nowMs + lastMs } }
  const progress = { ...emptyCounts, ...emptyEffort, tally: { ...emptyTally, ...counts }, acceptances, throttles: 3 }
  expect(await ledger.finish({ noticeId, batch, owner }, progress, 0)).toEqual({ kind: 'changed' })
}
