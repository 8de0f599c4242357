import { SendEmailCommand } from '@aws-sdk/client-sesv2'
import { describe, expect, test } from 'vitest'
import { runSimulator } from './running-simulator.ts'
import { sendEmailInput } from './send-email-input.ts'

interface SimulatorRun {
  readonly events: readonly { readonly eventType: string; readonly body: string }[]
  readonly close: () => Promise<void>
}

/** The events once the simulator has published all, parsed. */
async function publishedBy({ events, close }: SimulatorRun) {
  await close()
  return events.map(({ body }) => JSON.parse(body))
}

async function eventsTo(to: string, changes = {}, options = {}) {
  const run = await runSimulator(options)
  const { MessageId } = await run.client.send(new SendEmailCommand(sendEmailInput(to, changes)))
  return { MessageId, events: await publishedBy(run) }
}

test('a delivered message has a Send and a Delivery event in the shape of SES', async () => {
  const { MessageId, events } = await eventsTo('jane@shop.example')
  expect(events.map(event => event.eventType)).toEqual(['Send', 'Delivery'])
  const [send, delivery] = events
  expect(send).toMatchObject({
    send: {},
    mail: {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      source: 'Notices <notice@sender.example>',
      sourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/sender.example',
      sendingAccountId: '123456789012',
      messageId: MessageId,
      destination: ['jane@shop.example'],
      headersTruncated: false,
      headers: expect.arrayContaining([
        { name: 'To', value: 'jane@shop.example' },
        { name: 'List-Unsubscribe', value: '<https://sender.example/u/1>' },
      ]),
      commonHeaders: {
        from: ['Notices <notice@sender.example>'],
        to: ['jane@shop.example'],
        messageId: MessageId,
        subject: 'The index changes',
      },
      tags: {
        notice: ['n1'],
        recipient: ['AAAAAAAAAAAAAAAAAAAAAA'],
        'ses:configuration-set': ['notices'],
        'ses:from-domain': ['sender.example'],
      },
    },
  })
  expect(delivery.mail).toEqual(send.mail)
  expect(delivery.delivery).toMatchObject({ recipients: ['jane@shop.example'], processingTimeMillis: 2 })
})

test('without a configuration set there are no events', async () => {
  expect((await eventsTo('jane@shop.example', { ConfigurationSetName: undefined })).events).toEqual([])
})

describe('the mailbox simulator', () => {
  test.each([
    ['success', ['Send', 'Delivery'], undefined],
    ['bounce', ['Send', 'Bounce'], { bounceType: 'Permanent', bounceSubType: 'General' }],
    ['ooto', ['Send', 'Delivery', 'Bounce'], { bounceType: 'Transient', bounceSubType: 'General' }],
    ['complaint', ['Send', 'Delivery', 'Complaint'], { complaintFeedbackType: 'abuse' }],
    ['suppressionlist', ['Send', 'Bounce'], { bounceType: 'Permanent', bounceSubType: 'Suppressed' }],
  ])('%s@ answers with %j, with or without a label', async (name, types, detail) => {
    for (const label of ['', '+label-1']) {
      const address = `${name}${label}@simulator.amazonses.com`
      const { events } = await eventsTo(address)
      expect(events.map(event => event.eventType)).toEqual(types)
      const { bounce, complaint } = events.at(-1)
      if (detail !== undefined) expect(bounce ?? complaint).toMatchObject(detail)
      const [who] = bounce?.bouncedRecipients ?? complaint?.complainedRecipients ?? [{ emailAddress: address }]
      expect(who.emailAddress).toBe(address)
    }
  })
})

test('a suppressed address is accepted, then bounces as OnAccountSuppressionList', async () => {
  const { events } = await eventsTo('Jane@shop.example', {}, { suppressed: ['jane@SHOP.example'] })
  expect(events.map(event => event.eventType)).toEqual(['Send', 'Bounce'])
  expect(events[1].bounce).toMatchObject({
    bounceType: 'Permanent',
    bounceSubType: 'OnAccountSuppressionList',
    bouncedRecipients: [{ emailAddress: 'Jane@shop.example', action: 'failed' }],
  })
})

test('a message to several has one Send event that names all, and a fate for each', async () => {
  const Destination = { ToAddresses: ['a@shop.example'], BccAddresses: ['bounce@simulator.amazonses.com'] }
  const { events } = await eventsTo('', { Destination })
  expect(events.map(event => event.eventType)).toEqual(['Send', 'Delivery', 'Bounce'])
  expect(events[0].mail.destination).toEqual(['a@shop.example', 'bounce@simulator.amazonses.com'])
})

describe('on demand', () => {
  test.each([
    [{ kind: 'bounce' }, ['Send', 'Bounce']],
    [{ kind: 'complaint' }, ['Send', 'Delivery', 'Complaint']],
    [{ kind: 'reject' }, ['Send', 'Reject']],
    [{ kind: 'delivery-delay' }, ['Send', 'DeliveryDelay', 'Delivery']],
    [{ kind: 'lose-event', eventTypes: ['Send'] }, ['Delivery']],
    [{ kind: 'duplicate-event' }, ['Send', 'Send', 'Delivery']],
    [{ kind: 'late-event', eventTypes: ['Send'], lateMs: 100 }, ['Delivery', 'Send']],
  ])('%j gives %j, once', async (fault, types) => {
    const run = await runSimulator()
    await run.control('POST', 'faults', { ...fault, next: 1 })
    await run.client.send(new SendEmailCommand(sendEmailInput('a@shop.example')))
    await expect.poll(() => run.events.map(({ eventType }) => eventType), { timeout: 5_000 }).toEqual(types)
    const before = run.events.length
    await run.client.send(new SendEmailCommand(sendEmailInput('b@shop.example')))
    await run.close()
    expect(run.events.slice(before).map(({ eventType }) => eventType)).toEqual(['Send', 'Delivery'])
  })

  test('a lost event is counted', async () => {
    const run = await runSimulator()
    await run.control('POST', 'faults', { kind: 'lose-event', next: 1 })
    await run.client.send(new SendEmailCommand(sendEmailInput('a@shop.example')))
    expect((await run.control('GET', 'stats')).body).toMatchObject({ eventsLost: 1 })
  })
})
