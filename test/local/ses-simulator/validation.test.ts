import { describe, expect, test } from 'vitest'
import type { SendEmailRequest } from '../../../local/ses-simulator/request/send-email-request.ts'
import { parseSendEmail } from '../../../local/ses-simulator/request/send-email-request.ts'
import { validateSendEmail } from '../../../local/ses-simulator/request/validate-send-email.ts'
import { sendEmailInput } from './send-email-input.ts'

const account = { identities: [], configurationSets: [], sandbox: false, region: 'eu-west-1' }

/** What the request is answered with, or `valid`. */
function answer(changes: object, settings: Partial<typeof account> | object = {}): string {
  const parsed = parseSendEmail(JSON.stringify({ ...sendEmailInput('a@shop.example'), ...changes }))
  if (parsed.kind === 'error') return `${parsed.type}: ${parsed.message}`
  const validated = validateSendEmail(parsed.request, { ...account, ...settings })
  return validated.kind === 'valid' ? 'valid' : `${validated.type}: ${validated.message}`
}

const simple = (changes: object) => ({
  Content: { Simple: { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Hello' } }, ...changes } },
})
const header = (Name: string, Value: string) => simple({ Headers: [{ Name, Value }] })
const tags = (...pairs: [string, string][]) => ({ EmailTags: pairs.map(([Name, Value]) => ({ Name, Value })) })
const addresses = (count: number) => Array.from({ length: count }, (_, index) => `a${index}@shop.example`)

test('a request as OnlyTo makes it is valid', () => {
  expect(answer({})).toBe('valid')
})

test('50 recipients over To, Cc and Bcc are taken, as SES takes them', () => {
  const Destination = { ToAddresses: addresses(20), CcAddresses: addresses(20), BccAddresses: addresses(10) }
  expect(answer({ Destination })).toBe('valid')
  expect(answer({ Destination: { BccAddresses: addresses(1) } })).toBe('valid')
})

describe('is refused', () => {
  test.each<[string, object, RegExp]>([
    ['no sender', { FromEmailAddress: undefined }, /^BadRequestException: Missing required header 'From'/],
    ['two senders', { FromEmailAddress: 'a@x.example, b@x.example' }, /^BadRequestException: Illegal address/],
    ['no destination', { Destination: undefined }, /^BadRequestException: Must have at least one recipient/],
    ['no recipient', { Destination: { ToAddresses: [] } }, /^BadRequestException: Must have at least one recipient/],
    [
      '51 recipients',
      { Destination: { ToAddresses: addresses(51) } },
      /^BadRequestException: Recipient count exceeds 50/,
    ],
    ['a list in one string', { Destination: { ToAddresses: ['a@x.example,b@x.example'] } }, /Illegal address/],
    [
      'a bad Bcc among good ones',
      { Destination: { ToAddresses: ['a@x.example'], BccAddresses: ['b'] } },
      /Missing final/,
    ],
    ['a list in Reply-To', { ReplyToAddresses: ['a@x.example,b@x.example'] }, /Illegal address/],
    ['a bad feedback address', { FeedbackForwardingEmailAddress: 'a' }, /Missing final/],
    ['no content', { Content: undefined }, /^BadRequestException: 1 validation error.*'Content'.*must not be null/],
    ['empty content', { Content: {} }, /Exactly one of Simple, Raw and Template/],
    ['simple and raw content', { Content: { ...simple({}).Content, Raw: { Data: '' } } }, /Exactly one/],
    ['raw content', { Content: { Raw: { Data: '' } } }, /^BadRequestException: Raw and Template/],
    ['template content', { Content: { Template: { TemplateName: 'a' } } }, /^BadRequestException: Raw and Template/],
    ['an attachment', simple({ Attachments: [{ FileName: 'a' }] }), /Attachments are not supported/],
    ['no subject', simple({ Subject: undefined }), /'Content.Simple.Subject'.*must not be null/],
    ['an empty subject', simple({ Subject: { Data: '' } }), /subject must not be empty/],
    ['a line break in the subject', simple({ Subject: { Data: 'a\r\nBcc: b@x.example' } }), /subject contains control/],
    ['a subject without its charset', simple({ Subject: { Data: 'Grüße' } }), /give its Charset/],
    ['half a surrogate pair', simple({ Subject: { Data: '\ud83d', Charset: 'UTF-8' } }), /surrogate/],
    ['an unknown charset', simple({ Subject: { Data: 'a', Charset: 'EBCDIC' } }), /charset of Subject/],
    ['no body', simple({ Body: undefined }), /'Content.Simple.Body'.*must not be null/],
    ['an empty body', simple({ Body: {} }), /body needs a text or an HTML part/],
    ['an empty text', simple({ Body: { Text: { Data: '' } } }), /Text part must not be empty/],
    ['NUL in the text', simple({ Body: { Text: { Data: 'a\0' } } }), /Text part contains control/],
    ['more than 40 MB', simple({ Body: { Text: { Data: 'a'.repeat(31 * 1024 * 1024) } } }), /more than 41943040 bytes/],
    ['16 headers', simple({ Headers: addresses(16).map(Value => ({ Name: 'X-A', Value })) }), /at most 15 headers/],
    ['a header without a name', header('', 'a'), /Empty header names are illegal/],
    ['a long header name', header('a'.repeat(127), 'a'), /longer than 126/],
    ['a colon in a header name', header('X-A:', 'a'), /illegal characters/],
    ['a long header value', header('X', 'a'.repeat(996)), /longer than 995/],
    ['a long header', header('X-Long', 'a'.repeat(995)), /longer than 996/],
    ['a line break in a header', header('X-A', 'a\r\nBcc: b@x.example'), /not printable ASCII/],
    ['a second To header', header('to', 'b@x.example'), /cannot be given in Headers/],
    ['an instruction to SES', header('X-SES-CONFIGURATION-SET', 'a'), /cannot be given in Headers/],
    ['a tag name with a dot', tags(['a.b', 'c']), /Invalid tag name/],
    ['a tag value with an at', tags(['a', 'b@c']), /Invalid value of tag a/],
    ['an empty tag value', tags(['a', '']), /Invalid value of tag a/],
    ['a long tag value', tags(['a', 'b'.repeat(257)]), /Invalid value of tag a/],
    ['a tag twice', tags(['a', 'b'], ['a', 'c']), /more than once/],
    ['a tenant', { TenantName: 'a' }, /^NotFoundException/],
    ['an unknown member', { Destinations: [] }, /^SerializationException/],
    ['a number for a name', { ConfigurationSetName: 1 }, /^SerializationException/],
  ])('%s', (_, changes, expected) => {
    expect(answer(changes)).toMatch(expected)
  })

  test('a body that is not JSON', () => {
    expect(parseSendEmail('{')).toMatchObject({ type: 'SerializationException' })
  })

  test('a configuration set that does not exist', () => {
    const request: Partial<SendEmailRequest> = { ConfigurationSetName: 'notices' }
    expect(answer(request, { configurationSets: ['notices'] })).toBe('valid')
    expect(answer(request, { configurationSets: ['other'] })).toMatch(/^NotFoundException: Configuration set <notices>/)
  })

  test('a sender that is not verified, neither its address nor its domain', () => {
    const settings = (...identities: string[]) => ({ identities })
    expect(answer({}, settings('SENDER.example'))).toBe('valid')
    expect(answer({}, settings('notice@sender.example'))).toBe('valid')
    expect(answer({}, settings('other@sender.example', 'example'))).toBe(
      'MessageRejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: notice@sender.example',
    )
  })

  test('in the sandbox, a recipient that is neither verified nor of the mailbox simulator', () => {
    const sandbox = { sandbox: true, identities: ['sender.example'] }
    const to = (address: string) => ({ Destination: { ToAddresses: [address] } })
    expect(answer(to('a@shop.example'), sandbox)).toMatch(/^MessageRejected: Email address is not verified.*a@shop/)
    expect(answer(to('success@simulator.amazonses.com'), sandbox)).toBe('valid')
  })
})
