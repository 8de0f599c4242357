import { describe, expect, test } from 'vitest'
import { emptyEffort } from '../../functions/ledger/batch.ts'
import { emptyCounts } from '../../functions/ledger/counts.ts'
import { emptyTally, type Feed } from '../../functions/notice/notice.ts'
import { waitDescriptions } from '../../functions/notice/wait-reasons.ts'
import { type ApiUnderTest, apiUnderTest, customers, startOfTest } from './api-under-test.ts'

async function started(under: ApiUnderTest): Promise<string> {
  const noticeId = await under.draft()
  await under.index(noticeId, customers)
  await under.post(`/notices/${noticeId}/approve`)
  await under.post(`/notices/${noticeId}/start`)
  await under.rates.record(50, under.time.nowMs)
  return noticeId
}

/** What the dispatcher records of a notice. */
async function feed({ ports, time }: ApiUnderTest, noticeId: string, changes: Partial<Feed> = {}) {
  const notice = await ports.notices.read(noticeId)
  if (notice === undefined) throw new Error(`There is no ${noticeId}`)
  const known = { run: notice.run, queued: {}, turn: 1, sinceMs: startOfTest, ratePerSecond: 25, beside: 1 }
  await ports.notices.recordFeed(notice, { ...known, atMs: time.nowMs, ...changes })
}

const statusOf = async ({ get }: ApiUnderTest, noticeId: string) => (await get(`/notices/${noticeId}/status`)).body

describe('the status', () => {
  test('tells the rate that a notice gets and with how many it shares, and reckons with it before its first acceptance', async () => {
    const under = apiUnderTest()
    const noticeId = await started(under)
    expect(await statusOf(under, noticeId)).not.toHaveProperty('feed')
    await feed(under, noticeId)
    expect(await statusOf(under, noticeId)).toMatchObject({
      ...{ feed: { ratePerSecond: 25, sharedWith: 1 }, limitPerSecond: 50, secondsLeft: 6 },
    })
  })

  test('reckons with the own speed, unless the rate is shared by now', async () => {
    const under = apiUnderTest()
    const noticeId = await started(under)
    await under.ports.notices.addToTally(noticeId, { ...emptyTally, accepted: 90 }, 0, 0)
    under.time.nowMs += 3_000
    await feed(under, noticeId, { ratePerSecond: 50, beside: 0 })
    expect(await statusOf(under, noticeId)).toMatchObject({ ratePerSecond: 30, secondsLeft: 2 })
    await feed(under, noticeId, { ratePerSecond: 10, beside: 4 })
    expect(await statusOf(under, noticeId)).toMatchObject({ ratePerSecond: 30, secondsLeft: 6 })
  })

  test('does not take the time of a stop or of a wait for slowness', async () => {
    const under = apiUnderTest()
    const [stopped, waited] = [await started(under), await started(under)]
    await under.post(`/notices/${stopped}/stop`)
    under.time.nowMs += 3_600_000
    await under.post(`/notices/${stopped}/resume`)
    for (const noticeId of [stopped, waited]) {
      await under.ports.notices.addToTally(noticeId, { ...emptyTally, accepted: 50 }, 0, 0)
      await feed(under, noticeId, { sinceMs: under.time.nowMs })
      expect(await statusOf(under, noticeId)).toMatchObject({ secondsLeft: 4 })
    }
  })

  test.each(['urgent-notice', 'daily-quota'] as const)(
    'says that a notice waits (%s), since when, and promises no end',
    async reason => {
      const under = apiUnderTest()
      const noticeId = await started(under)
      await under.ports.notices.addToTally(noticeId, { ...emptyTally, accepted: 90 }, 0, 0)
      under.time.nowMs += 3_000
      await feed(under, noticeId, { ratePerSecond: 0, waits: { for: reason, sinceMs: startOfTest } })
      const waits = { for: reason, since: '2026-11-20T12:00:00.000Z', says: waitDescriptions[reason].says }
      const status = await statusOf(under, noticeId)
      expect(status).toMatchObject({ waits })
      expect(status).not.toHaveProperty('secondsLeft')
      expect((await under.get('/notices')).body).toMatchObject({ notices: [{ noticeId, waits }] })
      expect((await under.get(`/notices/${noticeId}`)).body).toMatchObject({ waits })
    },
  )

  test('of a notice that is stopped, or of a newer run, tells nothing of how it was fed', async () => {
    const under = apiUnderTest()
    const noticeId = await started(under)
    await feed(under, noticeId, { waits: { for: 'daily-quota', sinceMs: 0 } })
    await under.post(`/notices/${noticeId}/stop`)
    const stopped = await statusOf(under, noticeId)
    await under.post(`/notices/${noticeId}/resume`)
    const resumed = await statusOf(under, noticeId)
    for (const status of [stopped, resumed]) {
      expect(status).not.toHaveProperty('feed')
      expect(status).not.toHaveProperty('waits')
    }
  })
})

describe('the report', () => {
  async function finishBatch({ ledger }: ApiUnderTest, noticeId: string, batch: number, effort: object) {
    const lease = { noticeId, run: 1, retryRun: undefined, batch, size: 100, owner: `o-${batch}`, nowMs: 0 }
    await ledger.claim({ ...lease, leaseMs: 1, settleDelayMs: 1 })
    const tally = { ...emptyTally, accepted: batch === 0 ? 100 : 50 }
    await ledger.finish(lease, { ...emptyCounts, ...emptyEffort, tally, ...effort }, 0)
  }
  const span = (count: number, firstMs: number, lastMs: number) => ({
    ...{ count, firstMs: startOfTest + firstMs, lastMs: startOfTest + lastMs },
  })

  test('tells when the first, half, 99 of a hundred and the last were told, in all and by locale', async () => {
    const under = apiUnderTest()
    const noticeId = await started(under)
    await finishBatch(under, noticeId, 0, { acceptances: { en: span(100, 1_000, 1_990) } })
    await finishBatch(under, noticeId, 1, { acceptances: { en: span(10, 5_000, 5_900), es: span(40, 2_000, 2_390) } })
    const { times } = (await under.get(`/notices/${noticeId}/report`)).body
    expect(times).toEqual({
      ...{ firstMs: 1_000, medianMs: 1_740, p99Ms: 5_800, lastMs: 5_900 },
      locales: [
        { locale: 'en', accepted: 110, firstMs: 1_000, medianMs: 1_540, p99Ms: 5_800, lastMs: 5_900 },
        { locale: 'es', accepted: 40, firstMs: 2_000, medianMs: 2_190, p99Ms: 2_390, lastMs: 2_390 },
      ],
    })
  })

  test('a clock that is behind tells of nobody before the start', async () => {
    const under = apiUnderTest()
    const noticeId = await started(under)
    await finishBatch(under, noticeId, 0, { acceptances: { en: span(100, -40, 1_000) } })
    expect((await under.get(`/notices/${noticeId}/report`)).body.times).toMatchObject({ firstMs: 0 })
  })

  test('measures the use of the rate by what was granted when, also across a change of the quota', async () => {
    const under = apiUnderTest()
    const noticeId = await started(under)
    await under.rates.record(20, startOfTest + 2_000)
    await finishBatch(under, noticeId, 0, { acceptances: { en: span(100, 0, 2_000) } })
    await finishBatch(under, noticeId, 1, { acceptances: { en: span(50, 2_000, 4_500) } })
    // 2 s at 50/s and 2.5 s at 20/s are 150 slots; 149 lie between the first acceptance and the last.
    expect((await under.get(`/notices/${noticeId}/report`)).body).toMatchObject({
      ...{ seconds: 4.5, ratePerSecond: 149 / 4.5, limitPerSecond: 20, utilisation: 149 / 150 },
    })
  })

  test('claims no utilisation of rates that nobody remembers', async () => {
    const under = apiUnderTest()
    const noticeId = await started(under)
    await finishBatch(under, noticeId, 0, { acceptances: { en: span(100, -3_600_000, -3_500_000) } })
    expect((await under.get(`/notices/${noticeId}/report`)).body).not.toHaveProperty('utilisation')
  })

  test('tells what the waiting of senders took, for each message', async () => {
    const under = apiUnderTest()
    const noticeId = await started(under)
    expect((await under.get(`/notices/${noticeId}/report`)).body).not.toHaveProperty('idleMsPerMessage')
    await finishBatch(under, noticeId, 0, { idleMs: 900, heldMs: 3_000 })
    await finishBatch(under, noticeId, 1, { idleMs: 0, heldMs: 1_500 })
    const report = (await under.get(`/notices/${noticeId}/report`)).body
    expect(report).toMatchObject({ idleMsPerMessage: 6, heldMsPerMessage: 30 })
  })
})
