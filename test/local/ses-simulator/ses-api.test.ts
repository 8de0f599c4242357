import {
  BadRequestException,
  GetAccountCommand,
  InternalServiceErrorException,
  LimitExceededException,
  ListEmailIdentitiesCommand,
  MessageRejected,
  NotFoundException,
  SESv2ServiceException,
  SendEmailCommand,
  SendingPausedException,
  TooManyRequestsException,
} from '@aws-sdk/client-sesv2'
import { describe, expect, test } from 'vitest'
import { runSimulator } from './running-simulator.ts'
import { sendEmailInput } from './send-email-input.ts'

const email = (to = 'a@shop.example', changes = {}) => new SendEmailCommand(sendEmailInput(to, changes))

/** What a promise is rejected with. */
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

test('an accepted message gets an id of its own, in the form of SES', async () => {
  const { client } = await runSimulator()
  const sent = await Promise.all(Array.from({ length: 20 }, () => client.send(email())))
  const ids = new Set(sent.map(({ MessageId }) => MessageId))
  expect(ids.size).toBe(20)
  for (const id of ids) expect(id).toMatch(/^0100[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-000000$/)
})

test('beyond the depth of the bucket the SDK throws TooManyRequestsException, and the counts say so', async () => {
  const { client, control } = await runSimulator({ maxSendRate: 5 })
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => errorOf(client.send(email()))))
  const throttled = outcomes.filter(error => error instanceof TooManyRequestsException)
  expect(throttled.length).toBeGreaterThan(10)
  expect(throttled[0]).toMatchObject({ message: 'Maximum sending rate exceeded.', $metadata: { httpStatusCode: 429 } })
  const { body } = await control('GET', 'stats')
  expect(body).toMatchObject({ requests: 40, accepted: 40 - throttled.length, throttled: throttled.length, refused: 0 })
})

test('a message is judged at its arrival, before the latency, and counted while it waits for its answer', async () => {
  const { client, control } = await runSimulator({ maxSendRate: 5, latencyMedianMs: 300, latencyP99Ms: 300 })
  const sentAtMs = Date.now()
  const sends = Promise.all(Array.from({ length: 20 }, () => errorOf(client.send(email()))))
  await expect.poll(async () => (await control('GET', 'stats')).body.requests, { interval: 10 }).toBe(20)
  const { body } = await control('GET', 'stats')
  expect(body.throttled).toBeGreaterThan(5)
  expect(body.accepted + body.throttled).toBe(20)
  const countedAtMs = Date.now()
  await sends
  expect(Date.now() - sentAtMs).toBeGreaterThanOrEqual(300)
  const { lastAcceptedAtMs } = (await control('GET', 'stats')).body
  expect(lastAcceptedAtMs).toBeLessThanOrEqual(countedAtMs)
})

test('a recipient beyond the daily quota is refused with LimitExceededException; the mailbox simulator is not counted', async () => {
  const { client } = await runSimulator({ max24HourSend: 10, sentLast24Hours: 9 })
  await client.send(email('success+1@simulator.amazonses.com'))
  await client.send(email())
  const error = await errorOf(client.send(email()))
  expect(error).toBeInstanceOf(LimitExceededException)
  expect(error).toMatchObject({ message: 'Daily message quota exceeded.' })
  await client.send(email('success+2@simulator.amazonses.com'))
  const { SendQuota, SendingEnabled } = await client.send(new GetAccountCommand({}))
  expect(SendQuota).toEqual({ Max24HourSend: 10, MaxSendRate: 200, SentLast24Hours: 10 })
  expect(SendingEnabled).toBe(true)
})

test('the SDK throws its own classes for what SES refuses', async () => {
  const { client, control } = await runSimulator({ identities: ['sender.example'], configurationSets: ['notices'] })
  const refused = async (changes: object) => await errorOf(client.send(email('a@shop.example', changes)))
  expect(await refused({ FromEmailAddress: 'a@other.example' })).toBeInstanceOf(MessageRejected)
  expect(await refused({ ConfigurationSetName: 'none' })).toBeInstanceOf(NotFoundException)
  expect(await refused({ Destination: { ToAddresses: ['a@x.example,b@x.example'] } })).toBeInstanceOf(
    BadRequestException,
  )
  await control('PUT', 'options', { paused: true })
  expect(await refused({})).toBeInstanceOf(SendingPausedException)
  expect((await client.send(new GetAccountCommand({}))).SendingEnabled).toBe(false)
  expect((await control('GET', 'stats')).body).toMatchObject({ requests: 4, refused: 4, accepted: 0 })
})

test('an operation that OnlyTo does not use is unknown, and an unsigned request is refused', async () => {
  const { client, url } = await runSimulator()
  const error = await errorOf(client.send(new ListEmailIdentitiesCommand({})))
  expect(error).toBeInstanceOf(SESv2ServiceException)
  expect(error).toMatchObject({ name: 'UnknownOperationException', $metadata: { httpStatusCode: 404 } })
  const unsigned = await fetch(`${url}/v2/email/outbound-emails`, { method: 'POST', body: '{}' })
  expect(unsigned.status).toBe(403)
  expect(unsigned.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException')
})

describe('faults on demand', () => {
  test('each befalls the next N requests and then no more', async () => {
    const { client, control } = await runSimulator()
    await control('POST', 'faults', { kind: 'throttle', next: 1 })
    await control('POST', 'faults', { kind: 'paused', next: 1 })
    await control('POST', 'faults', { kind: 'server-error', next: 1 })
    expect(await errorOf(client.send(email()))).toBeInstanceOf(TooManyRequestsException)
    expect(await errorOf(client.send(email()))).toBeInstanceOf(SendingPausedException)
    expect(await errorOf(client.send(email()))).toBeInstanceOf(InternalServiceErrorException)
    expect(await errorOf(client.send(email()))).toBeUndefined()
    expect((await control('GET', 'stats')).body).toMatchObject({ requests: 4, faulted: 3, accepted: 1 })
  })

  test('a message that is accepted and then answered 500 is kept', async () => {
    const { client, control } = await runSimulator()
    await control('POST', 'faults', { kind: 'server-error', accepted: true, next: 1 })
    expect(await errorOf(client.send(email()))).toBeInstanceOf(InternalServiceErrorException)
    expect((await control('GET', 'acceptances')).body).toMatchObject([{ to: ['a@shop.example'] }])
  })

  test.each(['silent', 'destroyed'])(
    'a message whose answer never comes (%s) is kept and has its events',
    async connection => {
      const { client, control, events, close } = await runSimulator()
      await control('POST', 'faults', { kind: 'accept-then-time-out', connection, next: 1 })
      const error = await errorOf(client.send(email()))
      expect(error).toMatchObject({ name: 'TimeoutError' })
      expect(String(error)).toMatch(connection === 'silent' ? /timed out|timeout|ms/ : /hang up/)
      expect((await control('GET', 'messages')).body).toMatchObject([{ envelope: { to: ['a@shop.example'] } }])
      expect((await control('GET', 'stats')).body).toMatchObject({ accepted: 1, faulted: 1, acceptedThenFaulted: 1 })
      await close()
      expect(events.map(({ eventType }) => eventType)).toEqual(['Send', 'Delivery'])
    },
  )

  test('a probability befalls about that share, until the faults are deleted', async () => {
    const { client, control } = await runSimulator({ maxSendRate: 10_000 })
    await control('POST', 'faults', { kind: 'server-error', probability: 0.5 })
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => errorOf(client.send(email()))))
    const failed = outcomes.filter(error => error !== undefined).length
    expect(failed).toBeGreaterThan(25)
    expect(failed).toBeLessThan(75)
    expect((await control('DELETE', 'faults')).body).toEqual([])
    expect(await errorOf(client.send(email()))).toBeUndefined()
  })

  test('a fault that cannot be made is refused with what is wrong', async () => {
    const { control } = await runSimulator()
    const { status, body } = await control('POST', 'faults', { kind: 'throttle' })
    expect(status).toBe(400)
    expect(JSON.stringify(body)).toContain('give next')
  })
})
