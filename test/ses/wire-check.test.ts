import {
  CreateEmailIdentityCommand,
  GetAccountCommand,
  PutAccountSendingAttributesCommand,
  SendBulkEmailCommand,
  SendEmailCommand,
  type SendEmailCommandInput,
} from '@aws-sdk/client-sesv2'
import { describe, expect, it } from 'vitest'
import { createAccountClient } from '../../functions/ses/ses-account.ts'
import { sesMailer } from '../../functions/ses/ses-mailer.ts'
import { allowOnly, checkWire, GET_ACCOUNT, WireRefusal } from '../../functions/ses/wire-check.ts'
import {
  changeInput,
  changeRequest,
  inspectedMail,
  listeningSes,
  other,
  recipient,
  request,
  sesClientFor,
} from './wire-world.ts'

const caching = [
  { kept: 'kept middleware', cacheMiddleware: true },
  { kept: 'middleware made for each call', cacheMiddleware: false },
]

/** What later code might do to the input of SendEmail after it was inspected, and what the wire says. */
const changedInputs: Readonly<Record<string, { change: object; rule: string; field: string }>> = {
  'a Cc': {
    change: { Destination: { ToAddresses: [recipient], CcAddresses: [other] } },
    ...{ rule: 'closed-request', field: 'Destination.CcAddresses' },
  },
  'a Bcc': {
    change: { Destination: { ToAddresses: [recipient], BccAddresses: [other] } },
    ...{ rule: 'closed-request', field: 'Destination.BccAddresses' },
  },
  'a Bcc to the recipient': {
    change: { Destination: { ToAddresses: [recipient], BccAddresses: [recipient] } },
    ...{ rule: 'closed-request', field: 'Destination.BccAddresses' },
  },
  'an empty Cc': {
    change: { Destination: { ToAddresses: [recipient], CcAddresses: [] } },
    ...{ rule: 'closed-request', field: 'Destination.CcAddresses' },
  },
  'two To': {
    change: { Destination: { ToAddresses: [recipient, other] } },
    ...{ rule: 'one-recipient', field: 'Destination.ToAddresses' },
  },
  'no To': { change: { Destination: { ToAddresses: [] } }, rule: 'one-recipient', field: 'Destination.ToAddresses' },
  'a list in one string': {
    change: { Destination: { ToAddresses: [`${recipient}, ${other}`] } },
    ...{ rule: 'right-recipient', field: 'Destination' },
  },
  'another To': { change: { Destination: { ToAddresses: [other] } }, rule: 'right-recipient', field: 'Destination' },
  'raw content': {
    change: { Content: { Raw: { Data: Buffer.from(`To: ${other}\r\n\r\nHello`) } } },
    ...{ rule: 'closed-request', field: 'Content.Simple' },
  },
  'a template': {
    change: { Content: { Template: { TemplateName: 'notice', TemplateData: '{}' } } },
    ...{ rule: 'closed-request', field: 'Content.Simple' },
  },
  'a header': {
    change: { Content: { Simple: { ...request.Content.Simple, Headers: [{ Name: 'Bcc', Value: other }] } } },
    ...{ rule: 'closed-request', field: 'Content.Simple.Headers' },
  },
  'an attachment': {
    change: {
      Content: {
        Simple: { ...request.Content.Simple, Attachments: [{ FileName: 'a.csv', RawContent: Buffer.from(other) }] },
      },
    },
    ...{ rule: 'closed-request', field: 'Content.Simple.Attachments' },
  },
  'another body': {
    change: {
      Content: {
        Simple: {
          ...request.Content.Simple,
          Body: { ...request.Content.Simple.Body, Text: { Data: `Dear ${other}`, Charset: 'UTF-8' } },
        },
      },
    },
    ...{ rule: 'uninspected', field: 'Content' },
  },
  'another sender': { change: { FromEmailAddress: other }, rule: 'uninspected', field: 'FromEmailAddress' },
  'a reply-to': { change: { ReplyToAddresses: [other] }, rule: 'uninspected', field: 'body' },
  'a feedback address': {
    change: { FeedbackForwardingEmailAddress: other },
    ...{ rule: 'closed-request', field: 'FeedbackForwardingEmailAddress' },
  },
  'a contact list': {
    change: { ListManagementOptions: { ContactListName: 'customers' } },
    ...{ rule: 'closed-request', field: 'ListManagementOptions' },
  },
  'a tag changed': {
    change: { EmailTags: [{ Name: 'recipient', Value: 'other-key' }] },
    ...{ rule: 'uninspected', field: 'EmailTags' },
  },
}

const body = JSON.stringify(request)
/** What may be done to the request itself. */
const changedRequests: Readonly<Record<string, Record<string, unknown>>> = {
  'a Bcc written into the body': {
    body: body.replace('"ToAddresses"', `"BccAddresses":["${other}"],"ToAddresses"`),
  },
  'a second destination, of which one reader takes the first and another the last': {
    body: body.replace('{', `{"Destination":{"ToAddresses":["${other}"]},`),
  },
  'another To in the body': { body: body.replace(`["${recipient}"]`, `["${other}"]`) },
  'the body as bytes with another To': { body: Buffer.from(body.replace(`["${recipient}"]`, `["${other}"]`)) },
  'a body that is no JSON': { body: `${body}}` },
  'no body': { body: undefined },
  'a stream as the body': { body: new ReadableStream() },
  'another operation': { path: '/v2/email/outbound-bulk-emails' },
  'another method': { method: 'PUT' },
  'a query': { query: { Action: 'SendRawEmail' } },
}

describe.each(caching)('Alone: the wire, with $kept', ({ cacheMiddleware }) => {
  async function wire() {
    const ses = await listeningSes()
    const client = sesClientFor(ses.endpoint, cacheMiddleware)
    return { ...ses, client, mailer: sesMailer(client) }
  }

  it('lets pass what was inspected, as it was inspected, each time', async () => {
    const { mailer, arrived } = await wire()
    for (let call = 0; call < 3; call++) {
      expect(await mailer.send(inspectedMail())).toEqual({ kind: 'accepted', messageId: 'm-1' })
    }
    expect(arrived).toEqual(Array(3).fill({ path: '/v2/email/outbound-emails', body: request }))
  })

  it.each(Object.entries(changedInputs))('stops %s put into the input', async (_, { change, rule, field }) => {
    const { client, mailer, connections } = await wire()
    changeInput(client, input => Object.assign(input, change))
    expect(await mailer.send(inspectedMail())).toEqual({ kind: 'refused-by-guard', rule, field, excerpt: '' })
    expect(connections()).toBe(0)
  })

  it.each(Object.entries(changedRequests))('stops %s', async (_, change) => {
    const { client, mailer, connections } = await wire()
    changeRequest(client, changed => Object.assign(changed, change))
    expect(await mailer.send(inspectedMail())).toMatchObject({ kind: 'refused-by-guard', excerpt: '' })
    expect(connections()).toBe(0)
  })

  it('stops only the call that was changed', async () => {
    const { client, mailer, arrived } = await wire()
    let calls = 0
    changeInput(client, input => {
      calls++
      if (calls === 2) Object.assign(input, { Destination: { ToAddresses: [other] } })
    })
    const kinds: string[] = []
    for (let call = 0; call < 3; call++) kinds.push((await mailer.send(inspectedMail())).kind)
    expect(kinds).toEqual(['accepted', 'refused-by-guard', 'accepted'])
    expect(arrived).toHaveLength(2)
  })

  it('stops an input that no inspected mail stands behind, even an equal one', async () => {
    const { client, mailer, connections } = await wire()
    const input: SendEmailCommandInput = {
      ...request,
      Destination: { ToAddresses: [recipient] },
      ReplyToAddresses: undefined,
      EmailTags: [...request.EmailTags],
    }
    await expect(client.send(new SendEmailCommand(input))).rejects.toMatchObject({
      finding: { rule: 'uninspected', field: 'input', excerpt: '' },
    })
    expect(connections()).toBe(0)
    expect(await mailer.send(inspectedMail())).toMatchObject({ kind: 'accepted' })
  })

  it('stops every other operation', async () => {
    const { client, connections } = await wire()
    const commands = [
      client.send(new GetAccountCommand({})),
      client.send(new SendBulkEmailCommand({ DefaultContent: {}, BulkEmailEntries: [] })),
      client.send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.org' })),
      client.send(new PutAccountSendingAttributesCommand({ SendingEnabled: true })),
    ]
    for (const command of commands) await expect(command).rejects.toThrow(WireRefusal)
    expect(connections()).toBe(0)
  })
})

describe('The wire', () => {
  it('tells of a refusal without what was refused', async () => {
    const { endpoint } = await listeningSes()
    const client = checkWire(sesClientFor(endpoint, true))
    const input = { ...request, Destination: { ToAddresses: [other] }, ReplyToAddresses: undefined, EmailTags: [] }
    const refusal = await client.send(new SendEmailCommand(input)).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(WireRefusal)
    expect(`${refusal} ${JSON.stringify(refusal)}`).not.toContain('other')
  })

  it('lets the client for the account ask for its limits, and nothing else', async () => {
    const { endpoint, arrived } = await listeningSes()
    const client = allowOnly(GET_ACCOUNT, sesClientFor(endpoint, true))
    await client.send(new GetAccountCommand({}))
    const input = { ...request, Destination: { ToAddresses: [other] }, ReplyToAddresses: undefined, EmailTags: [] }
    await expect(client.send(new SendEmailCommand(input))).rejects.toThrow(WireRefusal)
    expect(arrived).toEqual([{ path: '/v2/email/account', body: undefined }])
    expect(createAccountClient().middlewareStack.identify().join()).toContain('leakGuardWireCheck')
  })
})
