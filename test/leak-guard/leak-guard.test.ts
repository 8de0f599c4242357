import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressesOfNotice, inspectRequest } from '../../functions/leak-guard/leak-guard.ts'
import { mailRequest } from '../../functions/ses/mail-request.ts'

const recipient = 'jane.doe+news@example.com'
const foreign = 'other.customer@example.org'
const permitted = {
  recipient,
  noticeAddresses: addressesOfNotice(['notices@example.com', 'Write to support@example.com.']),
}

const message = (changes: Partial<Parameters<typeof mailRequest>[0]> = {}) =>
  mailRequest({
    from: { name: 'Example Exchange', address: 'notices@example.com' },
    to: recipient,
    replyTo: 'support@example.com',
    subject: 'Index change',
    text: 'Dear Jane, write to support@example.com',
    html: '<p>Dear Jane, <a href="https://example.com/u?to=jane.doe%2Bnews%40example.com">unsubscribe</a></p>',
    tags: { notice: 'n-1', attempt: 1, batch: 0, recipient: 'key' },
    configurationSet: 'notices',
    ...changes,
  })

const inspect = (request: unknown) => inspectRequest(request, permitted)

/** Ways in which an address can stand in a text and be read by a mail client or by a person. */
const disguises: Readonly<Record<string, (address: string) => string>> = {
  'as written': address => address,
  'in angle brackets': address => `<${address}>`,
  'in a mailto link': address => `<a href="mailto:${address}">write</a>`,
  'with a named entity': address => address.replace('@', '&commat;'),
  'with a decimal entity': address => address.replace('@', '&#64;'),
  'with a hexadecimal entity': address => address.replace('@', '&#x40;'),
  'all in entities': address => Array.from(address, char => `&#${char.charCodeAt(0)};`).join(''),
  'percent-encoded': address => encodeURIComponent(address),
  'percent-encoded twice': address => encodeURIComponent(encodeURIComponent(address)),
  'with a full-width sign': address => address.replace('@', '\uFF20'),
  'with invisible characters': address => Array.from(address).join('\u200B'),
  'with soft hyphens': address => address.replace('@', '\u00AD@\u00AD'),
  'in upper case': address => address.toUpperCase(),
}

describe('Alone: the leak guard', () => {
  it('passes a message that shows its own recipient and the addresses of the notice', () => {
    expect(inspect(message())).toEqual({ kind: 'passed', request: message() })
  })

  it.each([
    ['two recipients', { ToAddresses: [recipient, foreign] }, 'one-recipient'],
    ['nobody', { ToAddresses: [] }, 'one-recipient'],
    ['another customer', { ToAddresses: [foreign] }, 'right-recipient'],
    ['a list in one string', { ToAddresses: [`${recipient}, ${foreign}`] }, 'right-recipient'],
    ['a copy', { ToAddresses: [recipient], CcAddresses: [foreign] }, 'closed-request'],
    ['a blind copy', { ToAddresses: [recipient], BccAddresses: [foreign] }, 'closed-request'],
  ])('refuses %s', (_, Destination, rule) => {
    expect(inspect({ ...message(), Destination })).toMatchObject({ kind: 'refused', rule })
  })

  it.each([
    ['raw content', { Content: { Raw: { Data: 'x' } } }],
    ['a template', { Content: { Template: { TemplateName: 'x' } } }],
    ['an attachment', { Content: { Simple: { ...message().Content.Simple, Attachments: [] } } }],
    [
      'a header of its own',
      { Content: { Simple: { ...message().Content.Simple, Headers: [{ Name: 'X-A', Value: foreign }] } } },
    ],
    ['a feedback address', { FeedbackForwardingEmailAddress: foreign }],
    ['an option that it does not know', { Something: 1 }],
  ])('refuses %s', (_, changes) => {
    expect(inspect({ ...message(), ...changes })).toMatchObject({ kind: 'refused', rule: 'closed-request' })
  })

  it('refuses a control character wherever a header could begin', () => {
    expect(inspect(message({ subject: `Hello\r\nBcc: ${foreign}` }))).toMatchObject({ rule: 'control-character' })
    expect(inspect(message({ replyTo: 'support@example.com\n' }))).toMatchObject({ rule: 'control-character' })
  })

  describe.each(Object.entries(disguises))('refuses a foreign address %s', (_, disguise) => {
    it.each(['subject', 'text', 'html', 'replyTo'] as const)('in the %s', field => {
      const changed = message({ [field]: `see ${disguise(foreign)} now` })
      expect(inspect(changed)).toMatchObject({ kind: 'refused', rule: 'foreign-address' })
    })
  })

  it('refuses any foreign address put anywhere into any text, in any disguise', () => {
    const local = fc.stringMatching(/^[a-z][a-z0-9._+-]{0,20}[a-z0-9]$/)
    const domain = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]\.(com|org|test|example)$/)
    fc.assert(
      fc.property(
        local,
        domain,
        fc.lorem(),
        fc.lorem(),
        fc.constantFrom(...Object.values(disguises)),
        (l, d, before, after, disguise) => {
          fc.pre(`${l}@${d}` !== recipient)
          const html = `<p>${before} ${disguise(`${l}@${d}`)} ${after}</p>`
          expect(inspect(message({ html }))).toMatchObject({
            kind: 'refused',
            rule: 'foreign-address',
            field: 'Content.Simple.Body.Html',
          })
        },
      ),
    )
  })

  it('passes the recipient in any disguise, and texts with signs that are no addresses', () => {
    for (const disguise of Object.values(disguises)) {
      expect(inspect(message({ html: `<p>to ${disguise(recipient)}</p>` }))).toMatchObject({ kind: 'passed' })
    }
    const harmless = '<style>@media (max-width: 5em) {}</style> @scope/name 100% & more; meet @ 5 p.m. &#64; a@b'
    expect(inspect(message({ html: harmless }))).toMatchObject({ kind: 'passed' })
  })

  it('does not take a longer address for the recipient that it ends with', () => {
    expect(inspect(message({ text: `x.${recipient}` }))).toMatchObject({ rule: 'foreign-address' })
    expect(inspect(message({ text: `${recipient}.evil.test` }))).toMatchObject({ rule: 'foreign-address' })
  })

  it('says which rule in which field, and nothing of the message', () => {
    const verdict = inspect(message({ text: `see ${foreign}` }))
    const excerpt = '* *.*@*.*'
    expect(verdict).toEqual({ kind: 'refused', rule: 'foreign-address', field: 'Content.Simple.Body.Text', excerpt })
  })
})

describe('Finding addresses', () => {
  it('takes time linear in the text', () => {
    const text = `${'a'.repeat(200_000)}@${'b.'.repeat(100_000)}`
    const startedMs = performance.now()
    addressesOfNotice([text])
    addressesOfNotice(['@'.repeat(200_000)])
    addressesOfNotice(['&#64;'.repeat(50_000)])
    expect(performance.now() - startedMs).toBeLessThan(2_000)
  })
})
