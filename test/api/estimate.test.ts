import { expect, test } from 'vitest'
import { estimateNotice } from '../../functions/cost/estimate.ts'
import type { SendQuota } from '../../functions/ses/account.ts'
import { apiUnderTest, customers, unreadyAudiences } from './api-under-test.ts'

const account: SendQuota = { maxSendRate: 250, max24HourSend: undefined, sentLast24Hours: 0, sendingEnabled: true }

/** A notice to 504,000 recipients, in an account that may be told of. */
async function world(quota: Partial<SendQuota> = {}) {
  const under = apiUnderTest({
    account: { readQuota: async () => ({ ...account, ...quota }) },
    stack: { rateShare: 0.8, lanes: {}, senderConcurrency: 7, sandbox: false },
    deliveryRetentionDays: 30,
  })
  const noticeId = await under.draft()
  await under.index(noticeId, customers, { recipients: 504_000 })
  const estimate = (query = '') => under.get(`/notices/${noticeId}/estimate${query}`)
  return { ...under, noticeId, estimate }
}

const planned = { recipients: 504_000, ratePerSecond: 200, sentThisMonth: 0, deliveryRetentionDays: 30 }
const named = ({ plan }: { plan: string }) => plan

test('an estimate is what the model says of the audience, at the share of the rate that notices have, kept as long as here', async () => {
  const { estimate, noticeId } = await world({ plan: 'essentials' })
  const { status, body } = await estimate()
  const { ses, total, ...rest } = estimateNotice({ ...planned, plan: 'essentials' })
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      ...{ noticeId, recipients: 504_000, ratePerSecond: 200, deliveryRetentionDays: 30, accountPlan: 'essentials' },
      ...rest,
      plans: [{ plan: 'essentials', ses, total, planMonthly: 0, overheadShare: rest.overhead / ses }],
      basis: expect.stringMatching(/us-east-1 in November 2026.*no bill/),
    },
  })
  expect(body.seconds).toBe(2_520)
})

test.each([
  [
    'the plans that an account has without a choice, where SES tells of none and none is asked for',
    undefined,
    '',
    ['a-la-carte', 'essentials'],
  ],
  ['the plan that SES tells', 'pro', '', ['pro']],
  ['the plan that is asked for, where SES tells of none', undefined, '?plan=enterprise', ['enterprise']],
  ['both, where one is told and another asked for', 'essentials', '?plan=a-la-carte', ['essentials', 'a-la-carte']],
  ['one, where they are the same', 'essentials', '?plan=essentials', ['essentials']],
] as const)('it is for %s', async (_, plan, query, expected) => {
  const { estimate } = await world({ plan })
  const { body } = await estimate(query)
  expect(body.plans.map(named)).toEqual(expected)
  expect(body.accountPlan).toBe(plan)
})

test('what a plan asks for each month is told, and is in no total', async () => {
  const { estimate } = await world({ plan: 'pro' })
  const { plans, overhead, keeping } = (await estimate()).body
  expect(plans[0].planMonthly).toBe(105)
  expect(plans[0].ses + overhead + keeping).toBeCloseTo(plans[0].total, 9)
})

test('it reckons with the share of the notice, or with one that is asked for, and with no more than the stack has', async () => {
  const { index, draft, get, post } = await world()
  const noticeId = await draft()
  await index(noticeId, customers)
  const rate = async (query = '') => (await get(`/notices/${noticeId}/estimate${query}`)).body.ratePerSecond
  expect(await rate('?share=0.4')).toBe(100)
  expect(await rate('?share=1')).toBe(200)
  await post(`/notices/${noticeId}/approve`)
  await post(`/notices/${noticeId}/start`, { share: 0.2 })
  expect(await rate()).toBe(50)
})

test('it says about how many days it takes where the 24-hour quota is too small', async () => {
  const days = async (quota: Partial<SendQuota>) => (await (await world(quota)).estimate()).body.days
  expect(await days({ max24HourSend: 63_000 })).toBe(10)
  expect(await days({ max24HourSend: 1_000_000 })).toBeUndefined()
  expect(await days({})).toBeUndefined()
})

test.each([
  ['?plan=cheapest', 'plan', /The plans are a-la-carte, essentials, pro, enterprise/],
  ['?share=2', 'share', /at most 1/],
  ['?share=0', 'share', /above 0/],
  ['?share=half', 'share', /A share is a number/],
])('%s is refused, and says what may stand there', async (query, parameter, detail) => {
  const { status, body } = await (await world()).estimate(query)
  expect({ status, errors: body.errors }).toMatchObject({
    status: 422,
    errors: [{ parameter, detail: expect.stringMatching(detail) }],
  })
})

test.each(unreadyAudiences)('an audience that %s has no estimate yet', async (wrong, audience, remedy) => {
  const { draft, setAudience, get } = await world()
  const noticeId = await draft()
  await setAudience(noticeId, audience)
  const { status, body } = await get(`/notices/${noticeId}/estimate`)
  expect({ status, type: body.type }).toEqual({ status: 409, type: 'urn:onlyto:problem:audience-not-ready' })
  expect(body.detail).toContain(wrong)
  expect(body.detail).toContain(remedy)
})

test('an account without any rate has none, and is told so', async () => {
  const { status, body } = await (await world({ maxSendRate: 0 })).estimate()
  expect({ status, type: body.type }).toEqual({ status: 409, type: 'urn:onlyto:problem:sending-disabled' })
})

test('a notice that is not there has none', async () => {
  const { get } = await world()
  expect((await get('/notices/n-20261120-3f8k2mq7/estimate')).status).toBe(404)
})
