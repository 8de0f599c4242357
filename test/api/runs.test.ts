import { describe, expect, test } from 'vitest'
import { emptyEffort } from '../../functions/ledger/batch.ts'
import { emptyCounts } from '../../functions/ledger/counts.ts'
import { emptyTally } from '../../functions/notice/notice.ts'
import { type ApiUnderTest, apiUnderTest, customers, operator, unreadyAudiences } from './api-under-test.ts'

async function approved({ post, draft, index }: ApiUnderTest): Promise<string> {
  const noticeId = await draft()
  await index(noticeId, customers)
  await post(`/notices/${noticeId}/approve`)
  return noticeId
}

async function finished(under: ApiUnderTest): Promise<string> {
  const noticeId = await approved(under)
  await under.post(`/notices/${noticeId}/start`)
  await under.ports.notices.finish(noticeId, 1, { ...emptyTally, accepted: 150 }, 2, under.time.nowMs)
  return noticeId
}

describe('a notice', () => {
  test('is started as run 1, and the dispatcher woken', async () => {
    const under = apiUnderTest()
    const noticeId = await approved(under)
    const { status, body } = await under.post(`/notices/${noticeId}/start`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ state: 'sending', run: 1, startedAt: '2026-11-20T12:00:00.000Z' })
    expect(under.woken).toEqual([noticeId])
  })

  test('is started even when the dispatcher cannot be woken, which is logged', async () => {
    const waker = { wake: () => Promise.reject(new Error('throttled')) }
    const under = apiUnderTest({ waker })
    const noticeId = await approved(under)
    expect((await under.post(`/notices/${noticeId}/start`)).status).toBe(200)
    expect(under.logged).toMatchObject([[expect.stringContaining('within a minute'), { noticeId }]])
  })

  test('is stopped by name, and resumed as the next run', async () => {
    const under = apiUnderTest()
    const noticeId = await approved(under)
    await under.post(`/notices/${noticeId}/start`)
    const stopped = await under.post(`/notices/${noticeId}/stop`)
    expect(stopped.body).toMatchObject({ state: 'stopped', run: 1, stopReason: { kind: 'operator', by: operator } })
    const resumed = await under.post(`/notices/${noticeId}/resume`)
    expect(resumed.body).toMatchObject({ state: 'sending', run: 2 })
    expect(resumed.body).not.toHaveProperty('stopReason')
    expect(under.woken).toEqual([noticeId, noticeId])
  })
})

describe('refused, and nothing changed:', () => {
  test.each(unreadyAudiences)('a start while the audience %s', async (how, audience, remedy) => {
    const under = apiUnderTest()
    const noticeId = await under.draft()
    await under.setAudience(noticeId, audience)
    const detail = await refusedUnchanged(under, noticeId, 'start', 'audience-not-ready')
    expect(detail).toContain(how)
    expect(detail).toContain(remedy)
  })

  test('a start without an audience', async () => {
    const under = apiUnderTest()
    const noticeId = await under.draft()
    expect(await refusedUnchanged(under, noticeId, 'start', 'audience-not-ready')).toContain('is missing')
  })

  test('a start without approval', async () => {
    const under = apiUnderTest()
    const noticeId = await under.draft()
    await under.index(noticeId, customers)
    const detail = await refusedUnchanged(under, noticeId, 'start', 'not-approved')
    expect(detail).toContain(`POST /notices/${noticeId}/approve`)
  })

  test('a second start', async () => {
    const under = apiUnderTest()
    const noticeId = await approved(under)
    await under.post(`/notices/${noticeId}/start`)
    const detail = await refusedUnchanged(under, noticeId, 'start', 'state-conflict')
    expect(detail).toBe(
      `Notice ${noticeId} is sending: start is refused. Approve a draft before starting it; resume a stopped notice; create a new one to send it again.`,
    )
    expect(under.woken).toEqual([noticeId])
  })

  test.each(['stop', 'resume', 'start', 'approve', 'audience'])('%s of a finished notice', async action => {
    const under = apiUnderTest()
    const detail = await refusedUnchanged(under, await finished(under), action, 'state-conflict')
    expect(detail).toContain('is finished')
  })

  test.each(['stop', 'resume'])('%s of a draft', async action => {
    const under = apiUnderTest()
    await refusedUnchanged(under, await under.draft(), action, 'state-conflict')
  })

  test.each(['start', 'resume'])('%s while SES has disabled sending', async action => {
    const account = { sendingEnabled: true }
    const quota = { maxSendRate: 14, max24HourSend: 200, sentLast24Hours: 0 }
    const under = apiUnderTest({ account: { readQuota: async () => ({ ...quota, ...account }) } })
    const noticeId = await approved(under)
    if (action === 'resume') {
      await under.post(`/notices/${noticeId}/start`)
      await under.post(`/notices/${noticeId}/stop`)
    }
    account.sendingEnabled = false
    await refusedUnchanged(under, noticeId, action, 'sending-disabled')
  })

  test.each(['start', 'resume'])("%s in SES's sandbox, of a stack that may not send there", async action => {
    const account = { productionAccess: true }
    const under = apiUnderTest({ account: { readQuota: async () => ({ ...ample, ...account }) } })
    const noticeId = await approved(under)
    if (action === 'resume') {
      await under.post(`/notices/${noticeId}/start`)
      await under.post(`/notices/${noticeId}/stop`)
    }
    account.productionAccess = false
    expect(await refusedUnchanged(under, noticeId, action, 'account-in-sandbox')).toContain('-c sandbox=true')
  })

  test.each(['audience', 'approve', 'start', 'stop', 'resume', 'retry'])('%s by nobody', async action => {
    const under = apiUnderTest()
    const noticeId = await approved(under)
    const before = await under.ports.notices.read(noticeId)
    const { body } = await under.request(`/notices/${noticeId}/${action}`, { method: 'POST' }, {})
    expect(body).toMatchObject({ type: 'urn:onlyto:problem:no-principal', status: 401 })
    expect(await under.ports.notices.read(noticeId)).toEqual(before)
  })
})

describe('what a start says of the account', () => {
  test.each([
    ['of the sandbox, to a stack that is made for it', false, true, 'only recipients that you have verified'],
    ['of production access, to a stack for the sandbox', true, true, 'Deploy it without -c sandbox=true'],
    ['nothing of production access, to a stack for that', true, false, undefined],
    ['nothing where SES does not say, to a stack for the sandbox', undefined, true, undefined],
    ['nothing where SES does not say, to any other', undefined, false, undefined],
  ])('is told: %s', async (_, productionAccess, sandbox, said) => {
    const stack = { rateShare: 1, lanes: {}, senderConcurrency: 7, sandbox }
    const under = apiUnderTest({ stack, account: { readQuota: async () => ({ ...ample, productionAccess }) } })
    const { status, body } = await under.post(`/notices/${await approved(under)}/start`)
    expect([status, body]).toMatchObject([200, { warnings: said === undefined ? [] : [expect.stringContaining(said)] }])
  })
})

const ample = { maxSendRate: 14, max24HourSend: 50_000, sentLast24Hours: 0, sendingEnabled: true }

test('a stop that is repeated is answered as the first, and says how many messages may still go out', async () => {
  const under = apiUnderTest()
  const noticeId = await approved(under)
  await under.post(`/notices/${noticeId}/start`)
  await under.rates.record(500, 0)
  const first = await under.post(`/notices/${noticeId}/stop`)
  expect(first).toMatchObject({ status: 200, body: { state: 'stopped', messagesAtMost: 500 } })
  const second = await under.post(`/notices/${noticeId}/stop`)
  expect(second).toEqual(first)
})

test('one call stops every notice that is being sent', async () => {
  const under = apiUnderTest()
  const sent = [await approved(under), await approved(under)]
  const waiting = await approved(under)
  for (const noticeId of sent) await under.post(`/notices/${noticeId}/start`)
  const { status, body } = await under.post('/stop')
  expect(status).toBe(200)
  expect(body['notices']).toEqual(expect.arrayContaining(sent))
  expect(body['notices']).toHaveLength(2)
  for (const noticeId of sent) {
    expect((await under.get(`/notices/${noticeId}`)).body).toMatchObject({ state: 'stopped' })
    expect(await under.post(`/notices/${noticeId}/resume`)).toMatchObject({
      status: 200,
      body: { state: 'sending', run: 2 },
    })
  }
  expect((await under.get(`/notices/${waiting}`)).body).toMatchObject({ state: 'approved' })
})

describe('Retry', () => {
  test('is refused while nobody failed for a passing reason', async () => {
    const under = apiUnderTest()
    await refusedUnchanged(under, await finished(under), 'retry', 'nothing-to-retry')
  })

  test('says to how many it will be sent again, and begins the next run', async () => {
    const under = apiUnderTest()
    const noticeId = await finished(under)
    const lease = { noticeId, run: 1, retryRun: undefined, batch: 0, size: 2, owner: 'me', nowMs: 0 }
    await under.ledger.claim({ ...lease, leaseMs: 1, settleDelayMs: 1 })
    const progress = { ...emptyCounts, ...emptyEffort, retryable: 2 }
    await under.ledger.finish(lease, progress, 0)
    const retried = await under.post(`/notices/${noticeId}/retry`)
    expect(retried).toMatchObject({ status: 200, body: { state: 'sending', run: 2, recipients: 2 } })
    expect(under.woken).toContain(noticeId)
  })
})

test('of two starts at once, one begins the notice', async () => {
  const under = apiUnderTest()
  const noticeId = await approved(under)
  const answers = await Promise.all([1, 2, 3].map(() => under.post(`/notices/${noticeId}/start`)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  expect(under.woken).toEqual([noticeId])
  expect(await under.ports.notices.read(noticeId)).toMatchObject({ run: 1 })
})

async function refusedUnchanged(under: ApiUnderTest, noticeId: string, action: string, problem: string) {
  const before = await under.ports.notices.read(noticeId)
  const { status, contentType, body } = await under.post(`/notices/${noticeId}/${action}`)
  expect(body).toMatchObject({ type: `urn:onlyto:problem:${problem}`, status: 409 })
  expect({ status, contentType }).toEqual({ status: 409, contentType: 'application/problem+json' })
  expect(await under.ports.notices.read(noticeId)).toEqual(before)
  return body.detail
}
