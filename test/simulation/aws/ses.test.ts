import { describe, expect, it } from 'vitest'
import { readEvent } from '../../../functions/feedback/read-event.ts'
import { dispositionOf, dispositions } from '../../../functions/ses/dispositions.ts'
import { mailRequest } from '../../../functions/ses/mail-request.ts'
import { sesAccount } from '../../../functions/ses/ses-account.ts'
import { sesMailer } from '../../../functions/ses/ses-mailer.ts'
import { inspected } from '../../memory/inspected.ts'
import { type SesErrorName, sesErrorStatuses } from './ses/ses-errors.ts'
import { type SesEvent, sesEventBody } from './ses/ses-events.ts'
import type { SmallWorldHooks } from './small-world.ts'
import { smallWorld } from './small-world.ts'

const request = mailRequest({
  from: { name: 'OnlyTo', address: 'notices@example.com' },
  to: 'anna@example.net',
  replyTo: undefined,
  subject: 'A notice',
  text: 'Hello',
  html: '<p>Hello</p>',
  tags: { notice: 'n1', batch: 3, attempt: 2, recipient: 'key1' },
  configurationSet: 'notices',
})

function mailing(hooks: SmallWorldHooks = {}) {
  const world = smallWorld('seed', hooks)
  return { ...world, mailer: sesMailer(world.clients.ses) }
}

const errors = Object.keys(sesErrorStatuses).filter(isError)
function isError(name: string): name is SesErrorName {
  return Object.hasOwn(sesErrorStatuses, name)
}

describe('The simulated SES', () => {
  it('can answer every error that has a disposition', () => {
    expect(dispositions.map(({ error }) => error).filter(error => !isError(error))).toEqual([])
  })

  it.each(errors)('answers %s so that the mailer knows it by name and status', async error => {
    const message = 'The service says no.'
    const { mailer, ses } = mailing({ ses: { choose: () => ({ kind: 'refuse', error, message }) } })
    const httpStatus = sesErrorStatuses[error]
    const expected = dispositionOf({ name: error, text: message, httpStatus, namesRecipient: false })
    expect(await mailer.send(inspected(request))).toEqual({ kind: expected, reason: `${error}: ${message}` })
    expect(ses.accepted).toEqual([])
    expect(ses.calls).toMatchObject([{ to: 'anna@example.net', result: error }])
  })

  it('accepts as many a second as the account may send', async () => {
    const { mailer, ses, clock } = mailing({ account: { maxSendRate: 10, bucketDepthSeconds: 1 } })
    for (let ms = 0; ms < 3000; ms += 20) {
      clock.nowMs += 20
      await mailer.send(inspected(request))
    }
    const throttled = ses.calls.filter(({ result }) => result === 'TooManyRequestsException')
    expect(ses.accepted.length).toBeGreaterThanOrEqual(38)
    expect(ses.accepted.length).toBeLessThanOrEqual(40)
    expect(throttled).toHaveLength(150 - ses.accepted.length)
  })

  it('takes nothing beyond the daily quota, and GetAccount says so', async () => {
    const { mailer, clients } = mailing({ account: { max24HourSend: 1 } })
    expect(await mailer.send(inspected(request))).toMatchObject({ kind: 'accepted' })
    expect(await mailer.send(inspected(request))).toMatchObject({ kind: 'hold' })
    expect(await sesAccount(clients.sesAccount).readQuota()).toMatchObject({
      ...{ maxSendRate: 10, max24HourSend: 1, sentLast24Hours: 1, sendingEnabled: true },
    })
  })

  it.each([
    { kind: 'accept-without-answer' } as const,
    { kind: 'accept-then-refuse', error: 'InternalFailure', message: 'failed' } as const,
  ])('leaves the mailer in doubt about a message that it took: %o', async choice => {
    const { mailer, ses } = mailing({ ses: { choose: () => choice } })
    expect(await mailer.send(inspected(request))).toMatchObject({ kind: 'in-doubt' })
    expect(ses.accepted).toMatchObject([{ to: 'anna@example.net', recipients: ['anna@example.net'] }])
    expect(ses.calls).toMatchObject([{ result: 'accepted-without-answer' }])
  })

  it('refuses what SES refuses of a request', async () => {
    const { mailer } = mailing()
    const illegal = { ...request, Destination: { ToAddresses: [`${'a'.repeat(65)}@example.net`] as const } }
    expect(await mailer.send(inspected(illegal))).toMatchObject({ kind: 'recipient-failed' })
    expect(await mailer.send(inspected({ ...request, ConfigurationSetName: 'other' }))).toMatchObject({
      kind: 'stop-notice',
    })
    expect(await mailer.send(inspected({ ...request, FromEmailAddress: 'x@example.org' }))).not.toMatchObject({
      kind: 'accepted',
    })
  })

  it('publishes events that feedback can read', async () => {
    const { mailer, ses, clock } = mailing()
    await mailer.send(inspected(request))
    const [message] = ses.accepted
    if (message === undefined) throw new Error('nothing was accepted')
    const atMs = clock.now() + 5000
    const events: readonly SesEvent[] = [
      { type: 'Send' },
      { type: 'Reject' },
      { type: 'Delivery', atMs },
      { type: 'Complaint', atMs },
      { type: 'DeliveryDelay', atMs },
      { type: 'Bounce', atMs, bounceType: 'Transient' },
    ]
    const facts = events.map(event => readEvent(sesEventBody(message, event)))
    const about = { noticeId: 'n1', batch: 3, recipientKey: 'key1', messageId: message.messageId }
    for (const fact of facts) expect(fact).toMatchObject({ kind: 'fact', fact: about })
    const kinds = facts.map(read => (read.kind === 'fact' ? read.fact.fact : read.kind))
    expect(kinds).toEqual(['send', 'reject', 'delivery', 'complaint', 'delay', 'bounce'])
  })
})
