import { describe, expect, test } from 'vitest'
import type { ApiPorts } from '../../functions/api/ports.ts'
import { emptyEffort } from '../../functions/ledger/batch.ts'
import { emptyCounts } from '../../functions/ledger/counts.ts'
import { emptyTally, usualPace } from '../../functions/notice/notice.ts'
import type { SendQuota } from '../../functions/ses/account.ts'
import { type ApiUnderTest, apiUnderTest, customers } from './api-under-test.ts'

const stack = { rateShare: 0.8, lanes: {}, senderConcurrency: 7, sandbox: false }
const account = { maxSendRate: 100, max24HourSend: 1000, sentLast24Hours: 0, sendingEnabled: true }

/** An API of an account whose quota a test may change. 150 customers are an audience. */
function world(changes: Partial<ApiPorts> = {}) {
  const quota: { now: SendQuota } = { now: account }
  const under = apiUnderTest({ stack, account: { readQuota: async () => quota.now }, ...changes })
  const paceOf = async (noticeId: string) => (await under.ports.notices.read(noticeId))?.pace
  return { ...under, quota, paceOf }
}

async function approved({ post, draft, index }: ApiUnderTest): Promise<string> {
  const noticeId = await draft()
  await index(noticeId, customers)
  await post(`/notices/${noticeId}/approve`)
  return noticeId
}

async function finished(under: ApiUnderTest, retryable: number): Promise<string> {
  const noticeId = await approved(under)
  await under.post(`/notices/${noticeId}/start`)
  await settleBatch(under, noticeId, {
    tally: { ...emptyTally, accepted: 100 - retryable, failed: retryable },
    retryable,
  })
  await under.ports.notices.finish(noticeId, 1, { ...emptyTally, accepted: 150 }, 2, under.time.nowMs)
  return noticeId
}

async function settleBatch({ ledger }: ApiUnderTest, noticeId: string, counts: Partial<typeof emptyCounts>) {
  const lease = { noticeId, run: 1, retryRun: undefined, batch: 0, size: 100, owner: 'me', nowMs: 0 }
  await ledger.claim({ ...lease, leaseMs: 1, settleDelayMs: 1 })
  await ledger.finish(lease, { ...emptyCounts, ...emptyEffort, ...counts }, 0)
}

describe('the pace', () => {
  test('is the usual one where the start says nothing, or only a part of it', async () => {
    const under = world()
    const noticeId = await approved(under)
    const started = await under.request(`/notices/${noticeId}/start`, { method: 'POST' })
    expect(started).toMatchObject({ status: 200, body: { pace: usualPace, warnings: [] } })
    const urgent = await approved(under)
    await under.post(`/notices/${urgent}/start`, { urgent: true })
    expect(await under.paceOf(urgent)).toEqual({ urgent: true, overDays: false })
  })

  test('is what the start says, and shown', async () => {
    const under = world()
    const noticeId = await approved(under)
    const pace = { share: 0.25, urgent: true, overDays: true }
    expect((await under.post(`/notices/${noticeId}/start`, pace)).body).toMatchObject({ pace })
    expect(await under.paceOf(noticeId)).toEqual(pace)
    expect((await under.get(`/notices/${noticeId}`)).body).toMatchObject({ pace })
    expect((await under.get(`/notices/${noticeId}/status`)).body).toMatchObject({ pace })
    expect((await under.get(`/notices/${noticeId}/report`)).body).toMatchObject({ pace })
  })

  test('stays as it was where a resume says nothing, and changes in what it says', async () => {
    const under = world()
    const noticeId = await approved(under)
    await under.post(`/notices/${noticeId}/start`, { share: 0.25, overDays: true })
    await under.post(`/notices/${noticeId}/stop`)
    await under.post(`/notices/${noticeId}/resume`)
    expect(await under.paceOf(noticeId)).toEqual({ share: 0.25, urgent: false, overDays: true })
    await under.post(`/notices/${noticeId}/stop`)
    await under.post(`/notices/${noticeId}/resume`, { urgent: true, overDays: false })
    expect(await under.paceOf(noticeId)).toEqual({ share: 0.25, urgent: true, overDays: false })
  })

  test('of a retry is that of the run before, in what it does not say', async () => {
    const under = world()
    const noticeId = await finished(under, 3)
    await under.post(`/notices/${noticeId}/retry`, { share: 0.5 })
    expect(await under.paceOf(noticeId)).toEqual({ ...usualPace, share: 0.5 })
  })

  test.each([
    [{ share: 0 }, '/share'],
    [{ share: 1.2 }, '/share'],
    [{ urgent: 'yes' }, '/urgent'],
    [{ overdays: true }, '/overdays'],
  ])('%j is refused, and says where it is wrong', async (body, pointer) => {
    const under = world()
    const noticeId = await approved(under)
    for (const action of ['start', 'resume', 'retry']) {
      const answer = await under.post(`/notices/${noticeId}/${action}`, body)
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
    }
    expect(await under.ports.notices.read(noticeId)).toMatchObject({ state: 'approved', pace: usualPace })
  })

  test("with more than the stack's share is refused at start, resume and retry, and that share itself is not", async () => {
    const under = world()
    const noticeId = await approved(under)
    const refused = async (action: string, id: string) => {
      const { status, body } = await under.post(`/notices/${id}/${action}`, { share: 0.81 })
      expect({ status, type: body.type }).toEqual({ status: 422, type: 'urn:onlyto:problem:share-too-large' })
      expect(body).toMatchObject({ share: 0.81, stackShare: 0.8, detail: expect.stringContaining('-c share=') })
    }
    await refused('start', noticeId)
    expect((await under.post(`/notices/${noticeId}/start`, { share: 0.8 })).status).toBe(200)
    await under.post(`/notices/${noticeId}/stop`)
    await refused('resume', noticeId)
    await refused('retry', await finished(under, 3))
  })
})

describe('the 24-hour quota', () => {
  test('refuses a start that it cannot carry today, with the numbers, and changes nothing', async () => {
    const under = world()
    const noticeId = await approved(under)
    under.quota.now = { ...account, sentLast24Hours: 651 }
    const { status, body } = await under.post(`/notices/${noticeId}/start`)
    expect({ status, type: body.type }).toEqual({ status: 409, type: 'urn:onlyto:problem:quota-too-small' })
    expect(body).toMatchObject({ needed: 150, fitsToday: 149, quota: 1000, sentLast24Hours: 651, share: 0.8, days: 2 })
    expect(await under.ports.notices.read(noticeId)).toMatchObject({ state: 'approved', run: 0 })
    expect(under.woken).toEqual([])
    under.quota.now = { ...account, sentLast24Hours: 650 }
    expect((await under.post(`/notices/${noticeId}/start`)).status).toBe(200)
  })

  test('carries over days what is accepted to take days', async () => {
    const under = world()
    const noticeId = await approved(under)
    under.quota.now = { ...account, sentLast24Hours: 800 }
    expect((await under.post(`/notices/${noticeId}/start`, { overDays: true })).status).toBe(200)
    expect(await under.paceOf(noticeId)).toMatchObject({ overDays: true })
  })

  test("is that of the notice's own share", async () => {
    const under = world()
    const noticeId = await approved(under)
    expect((await under.post(`/notices/${noticeId}/start`, { share: 0.1 })).body).toMatchObject({ fitsToday: 100 })
  })

  test('is left to the notices that are being sent: what they still have to send does not count as room', async () => {
    const under = world()
    const first = await approved(under)
    await under.post(`/notices/${first}/start`)
    under.quota.now = { ...account, sentLast24Hours: 600 }
    const second = await approved(under)
    const { body } = await under.post(`/notices/${second}/start`)
    expect(body).toMatchObject({ fitsToday: 50, pendingElsewhere: 150 })
    await under.ports.notices.addToTally(first, { ...emptyTally, accepted: 100 }, 1, 0)
    expect((await under.post(`/notices/${second}/start`)).status).toBe(200)
  })

  test('is asked only for what a resumed notice has left', async () => {
    const under = world()
    const noticeId = await approved(under)
    await under.post(`/notices/${noticeId}/start`)
    await settleBatch(under, noticeId, { tally: { ...emptyTally, accepted: 90, failed: 10 } })
    await under.post(`/notices/${noticeId}/stop`)
    under.quota.now = { ...account, sentLast24Hours: 751 }
    expect((await under.post(`/notices/${noticeId}/resume`)).body).toMatchObject({ needed: 50, fitsToday: 49 })
    under.quota.now = { ...account, sentLast24Hours: 750 }
    expect((await under.post(`/notices/${noticeId}/resume`)).status).toBe(200)
  })

  test('is not taken up by the notice itself, where a stale list still shows it as being sent', async () => {
    const under = world()
    const noticeId = await approved(under)
    await under.post(`/notices/${noticeId}/start`)
    const stale = await under.ports.notices.list('sending')
    await under.post(`/notices/${noticeId}/stop`)
    const notices = { ...under.ports.notices, list: async () => stale }
    const quota = { ...account, sentLast24Hours: 650 }
    const behind = world({ notices, ledger: under.ledger, account: { readQuota: async () => quota } })
    expect((await behind.post(`/notices/${noticeId}/resume`)).status).toBe(200)
  })

  test('is asked only for those whom a retry concerns, also while another notice starts', async () => {
    const under = world()
    const noticeId = await finished(under, 20)
    under.quota.now = { ...account, sentLast24Hours: 781 }
    expect((await under.post(`/notices/${noticeId}/retry`)).body).toMatchObject({ needed: 20, fitsToday: 19 })
    under.quota.now = account
    await under.post(`/notices/${noticeId}/retry`)
    under.quota.now = { ...account, sentLast24Hours: 800 }
    const refused = await under.post(`/notices/${await approved(under)}/start`)
    // 50 of the finished notice's second batch have no fate in the ledger, and 20 get it again.
    expect(refused.body).toMatchObject({ pendingElsewhere: 70 })
  })
})

test('while SES does not say what it allows, nothing is started', async () => {
  const under = world({ account: { readQuota: () => Promise.reject(new Error('throttled')) } })
  const noticeId = await approved(under)
  expect((await under.post(`/notices/${noticeId}/start`)).status).toBe(500)
  expect(await under.ports.notices.read(noticeId)).toMatchObject({ state: 'approved' })
})

describe('a lane', () => {
  test('that is newer than the index of the audience keeps the notice from starting', async () => {
    const under = world({ stack: { ...stack, lanes: { '163.com': 5, 'yahoo.*': 50 } } })
    const noticeId = await under.draft()
    await under.index(noticeId, customers, { lanes: { 'yahoo.*': 0 } })
    await under.post(`/notices/${noticeId}/approve`)
    const { status, body } = await under.post(`/notices/${noticeId}/start`)
    expect({ status, type: body.type }).toEqual({ status: 409, type: 'urn:onlyto:problem:lanes-changed' })
    expect(body.detail).toMatch(/ceiling for 163\.com that .* upload the audience again, and approve/)
    expect(await under.ports.notices.read(noticeId)).toMatchObject({ state: 'approved', run: 0 })
  })

  test('that the audience has, whether anybody is in it or not, lets it start, and so does one that is gone', async () => {
    const under = world({ stack: { ...stack, lanes: { 'yahoo.*': 50 } } })
    const noticeId = await under.draft()
    await under.index(noticeId, customers, { lanes: { 'yahoo.*': 0, '163.com': 7 } })
    await under.post(`/notices/${noticeId}/approve`)
    expect((await under.post(`/notices/${noticeId}/start`)).status).toBe(200)
  })
})

describe('too few senders', () => {
  test('do not keep a notice from starting, but whoever starts it is told', async () => {
    const under = world()
    under.quota.now = { ...account, maxSendRate: 2000 }
    const noticeId = await approved(under)
    const { status, body } = await under.post(`/notices/${noticeId}/start`)
    expect(status).toBe(200)
    expect(body.warnings).toEqual([
      'This stack has 7 senders, and the 1600 recipients a second that notices may use of this account take 11: the notice ' +
        'goes out slower than it could. Deploy the stack with -c rate=1600, and with no smaller senderConcurrency.',
    ])
    await under.post(`/notices/${noticeId}/stop`)
    expect((await under.post(`/notices/${noticeId}/resume`)).body.warnings).toHaveLength(1)
  })

  test('are told of no more once there are enough', async () => {
    const under = world({ stack: { ...stack, senderConcurrency: 11 } })
    under.quota.now = { ...account, maxSendRate: 2000 }
    expect((await under.post(`/notices/${await approved(under)}/start`)).body.warnings).toEqual([])
  })
})
