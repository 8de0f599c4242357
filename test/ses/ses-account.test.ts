import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { sesAccount } from '../../functions/ses/ses-account.ts'
import { sesClientFor } from './wire-world.ts'

const SendQuota = { MaxSendRate: 14, Max24HourSend: 50_000, SentLast24Hours: 7 }

/** What is understood of an answer to GetAccount. */
async function quotaFrom(account: object) {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(account))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return sesAccount(sesClientFor(`http://127.0.0.1:${port}`, true)).readQuota()
}

test.each([
  ['NONE', 'a-la-carte'],
  ['ESSENTIALS', 'essentials'],
  ['PRO', 'pro'],
  ['ENTERPRISE', 'enterprise'],
])('an account whose plan SES calls %s has %s', async (CurrentPlan, plan) => {
  expect(await quotaFrom({ SendQuota, PricingAttributes: { CurrentPlan } })).toMatchObject({ maxSendRate: 14, plan })
})

test.each([{}, { PricingAttributes: {} }, { PricingAttributes: { CurrentPlan: 'PLATINUM' } }])(
  'of %j no plan is known, and the limits are none the less',
  async said => {
    expect(await quotaFrom({ SendQuota, ...said })).toMatchObject({ maxSendRate: 14, plan: undefined })
  },
)

test('a daily quota of -1 is none', async () => {
  expect((await quotaFrom({ SendQuota: { ...SendQuota, Max24HourSend: -1 } })).max24HourSend).toBeUndefined()
})
