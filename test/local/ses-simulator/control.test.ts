import { SendEmailCommand } from '@aws-sdk/client-sesv2'
import { expect, test } from 'vitest'
import { systemClock } from '../../../functions/runtime/clock.ts'
import { ArrivalLog } from '../../../local/ses-simulator/arrival-log.ts'
import { startSesSimulator } from '../../../local/ses-simulator/simulator.ts'
import { runSimulator } from './running-simulator.ts'
import { sendEmailInput } from './send-email-input.ts'

const email = (to: string) => new SendEmailCommand(sendEmailInput(to))

test('options change while running; the others stay', async () => {
  const { control } = await runSimulator({ identities: ['sender.example'] })
  const { status, body } = await control('PUT', 'options', { maxSendRate: 14, latencyP99Ms: 5 })
  expect(status).toBe(200)
  expect(body).toMatchObject({ maxSendRate: 14, latencyP99Ms: 5, latencyMedianMs: 0, identities: ['sender.example'] })
  expect((await control('GET', 'options')).body).toEqual(body)
})

test.each([
  [{ maxSendRat: 14 }, 'Unrecognized key'],
  [{ maxSendRate: 0 }, 'maxSendRate'],
  [{ port: 1 }, 'cannot be changed while running'],
  [{ latencyMedianMs: 10 }, 'must not be less than latencyMedianMs'],
  [{ eventQueues: [{ configurationSet: 'a', queueUrl: 'https://sqs.example/1/q' }] }, 'is on another computer'],
  [{ eventQueues: [{ configurationSet: 'a', queueUrl: 'http://127.0.0.1/q', eventTypes: ['Sent'] }] }, 'is not a type'],
  ['14', 'must be a JSON object'],
])('options %j are refused with the reason and change nothing', async (changes, reason) => {
  const { control } = await runSimulator()
  const before = (await control('GET', 'options')).body
  const { status, body } = await control('PUT', 'options', { maxSendRate: 1, ...Object(changes) })
  const refused = typeof changes === 'string' ? await control('PUT', 'options', changes) : { status, body }
  expect(refused.status).toBe(400)
  expect(JSON.stringify(refused.body)).toContain(reason)
  if (typeof changes !== 'string') expect((await control('GET', 'options')).body).toEqual(before)
})

test('options that cannot be used stop the start', async () => {
  await expect(startSesSimulator({ maxSendRate: -1 })).rejects.toThrow('maxSendRate')
})

test('messages are paged, and deleting them begins the counts anew', async () => {
  const { client, control } = await runSimulator()
  for (const to of ['a@shop.example', 'b@shop.example', 'c@shop.example']) await client.send(email(to))
  const acceptances = (await control('GET', 'acceptances')).body
  expect(acceptances).toMatchObject([
    { to: ['a@shop.example'] },
    { to: ['b@shop.example'] },
    { to: ['c@shop.example'] },
  ])
  const { firstAcceptedAtMs, lastAcceptedAtMs } = (await control('GET', 'stats')).body
  expect(acceptances[0].atMs).toBe(firstAcceptedAtMs)
  expect(acceptances[2].atMs).toBe(lastAcceptedAtMs)
  expect((await control('GET', 'acceptances?from=2')).body).toEqual(acceptances.slice(2))
  expect((await control('GET', 'messages?from=1')).body).toMatchObject([
    { messageId: acceptances[1].messageId },
    { messageId: acceptances[2].messageId },
  ])
  expect((await control('GET', 'messages?from=3')).body).toEqual([])
  expect((await control('GET', 'messages?from=x')).status).toBe(400)

  expect((await control('DELETE', 'messages')).body).toMatchObject({ accepted: 0, firstAcceptedAtMs: null })
  expect((await control('GET', 'messages')).body).toEqual([])
  await client.send(email('d@shop.example'))
  expect((await control('GET', 'acceptances')).body).toMatchObject([{ to: ['d@shop.example'] }])
})

test('arrivals tell also of the calls that SES did not accept', async () => {
  const { client, control } = await runSimulator()
  await control('POST', 'faults', { kind: 'throttle', next: 1 })
  const before = systemClock.now()
  await expect(client.send(email('a@shop.example'))).rejects.toThrow('Maximum sending rate exceeded.')
  await client.send(email('a@shop.example'))
  const arrivals: { atMs: number; accepted: boolean }[] = (await control('GET', 'arrivals')).body
  expect(arrivals.map(({ accepted }) => accepted)).toEqual([false, true])
  const times = [before, ...arrivals.map(({ atMs }) => atMs), systemClock.now()]
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  await control('DELETE', 'messages')
  expect((await control('GET', 'arrivals')).body).toEqual([])
})

test('arrivals tell how many addresses a request had, also where SES has refused it', async () => {
  const { client, control } = await runSimulator()
  const several = ['a@shop.example', 'b@shop.example']
  await client.send(email('a@shop.example'))
  const copied = { ToAddresses: several, BccAddresses: ['c@shop.example'] }
  await client.send(new SendEmailCommand(sendEmailInput('', { Destination: copied })))
  await expect(client.send(email(several.join(', ')))).rejects.toThrow()
  const arrivals: { addresses: number }[] = (await control('GET', 'arrivals')).body
  expect(arrivals.map(({ addresses }) => addresses)).toEqual([1, 3, 2])
})

test('arrivals of the last minute are there, and the memory for older ones is given back', async () => {
  const log = new ArrivalLog()
  for (let atMs = 0; atMs < 600_000; atMs += 1_000) log.add({ atMs, accepted: true, addresses: 1 })
  const times = (await Array.fromAsync(log.list())).map(({ atMs }) => atMs)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(times.at(-1)).toBe(599_000)
  expect(times[0]).toBeLessThanOrEqual(539_000)
  expect(times.length).toBeLessThanOrEqual(120)
})

test('the sent count of the last 24 hours can be set', async () => {
  const { client, control } = await runSimulator({ max24HourSend: 1 })
  await client.send(email('a@shop.example'))
  await expect(client.send(email('a@shop.example'))).rejects.toThrow('Daily message quota exceeded.')
  await control('PUT', 'options', { sentLast24Hours: 0 })
  await client.send(email('a@shop.example'))
})

test('an unknown control endpoint names the known ones', async () => {
  const { control } = await runSimulator()
  const { status, body } = await control('GET', 'statistics')
  expect(status).toBe(404)
  expect(body.message).toContain('GET /_simulator/stats')
})
