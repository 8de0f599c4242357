import { describe, expect, it } from 'vitest'
import { addressesOfNotice, inspectRequest, type Permitted } from '../../functions/leak-guard/leak-guard.ts'
import { hex } from './corpus/encodings.ts'
import {
  honest,
  other,
  permitted,
  self,
  sender,
  support,
  withFrom,
  withReplyTo,
  withSubject,
  withTo,
} from './corpus/honest.ts'

/** Rule, field and excerpt of a refusal; only the rule and the field where no excerpt is given to compare. */
function findingOf(request: unknown, whose: Permitted = permitted) {
  const inspection = inspectRequest(request, whose)
  if (inspection.kind === 'passed') return 'passed'
  const { rule, field, excerpt } = inspection
  return { rule, field, excerpt }
}
const kindOf = (request: unknown, whose: Permitted = permitted) => inspectRequest(request, whose).kind

const destination = (keys: object) => ({ ...honest(), Destination: { ToAddresses: [self], ...keys } })
const content = (keys: object) => ({ ...honest(), Content: { ...honest().Content, ...keys } })
const tagged = (Value: unknown) => ({
  ...honest(),
  EmailTags: honest().EmailTags.map(tag => (tag.Name === 'recipient' ? { Name: tag.Name, Value } : tag)),
})
const configured = (ConfigurationSetName: unknown) => ({ ...honest(), ConfigurationSetName })

describe('A request of another form', () => {
  it.each([
    'CcAddresses',
    'BccAddresses',
    'Headers',
    'Attachments',
    'Raw',
    'Template',
    'FeedbackForwardingEmailAddress',
    'FeedbackForwardingEmailAddressIdentityArn',
    'FromEmailAddressIdentityArn',
    'ListManagementOptions',
    'EndpointId',
    'TenantName',
    'ConfigurationOverrides',
  ])('is refused for %s, which SES has and OnlyTo does not use, by its name', name => {
    expect(findingOf({ ...honest(), [name]: 'x' })).toEqual({ rule: 'closed-request', field: name, excerpt: '' })
  })

  it.each([
    ['a copy and a blind copy', destination({ CcAddresses: [], BccAddresses: [] }), 'Destination.CcAddresses'],
    ['raw content beside the message', content({ Raw: {} }), 'Content.Raw'],
    ['two wrong fields', { ...withFrom('x'), FromEmailAddress: 1, ConfigurationSetName: 2 }, 'FromEmailAddress'],
    ['a name that says whom it is for', { ...honest(), [other]: 1, [self]: 1 }, ''],
    ['a known and an unknown name', { ...honest(), [other]: 1, Raw: 1 }, 'Raw'],
    ['one tag twice', { ...honest(), EmailTags: [...honest().EmailTags, honest().EmailTags[0]] }, 'EmailTags'],
    ['nothing', undefined, ''],
  ])('is refused with the path to the first field that is wrong, and no unknown name: %s', (_, request, field) => {
    expect(findingOf(request)).toEqual({ rule: 'closed-request', field, excerpt: '' })
  })

  it.each([
    ['no address at all', withTo(7), 'Destination.ToAddresses.0'],
    ['two', withTo(self, self), 'Destination.ToAddresses'],
    ['nobody', withTo(), 'Destination.ToAddresses'],
  ])('is refused as not going to one recipient when To is %s', (_, request, field) => {
    expect(findingOf(request)).toEqual({ rule: 'one-recipient', field, excerpt: '' })
  })

  it.each(['', ' key', 'key ', 'key\n', 'a b', 'kéy', 'a@b', 'x'.repeat(257), 7])(
    'is refused for the tag %j',
    value => {
      expect(findingOf(tagged(value))).toMatchObject({ rule: 'closed-request', field: 'EmailTags.3.Value' })
    },
  )

  it.each(['', ' set', 'set ', 'set\n', 'a b', 'sét', 'x'.repeat(65), 7])(
    'is refused for the configuration set %j',
    name => {
      expect(findingOf(configured(name))).toMatchObject({ rule: 'closed-request', field: 'ConfigurationSetName' })
    },
  )

  it('is not one for the longest tag and the longest name of a configuration set', () => {
    expect(kindOf(tagged('x'.repeat(256)))).toBe('passed')
    expect(kindOf(configured('x'.repeat(64)))).toBe('passed')
  })
})

describe('The one recipient', () => {
  const sentTo = (recipient: string) => findingOf(withTo(recipient), { ...permitted, recipient })
  const local = 'x'.repeat(64)
  const ofLength = (length: number) => `${local}@${'y'.repeat(length - 69)}.org`

  it.each(['a@b.c', "o'neil+a/b=c@x-y.example", 'a.b.c@d.e.f', ofLength(254)])('may be %s', recipient => {
    expect(sentTo(recipient)).toBe('passed')
  })

  it.each([
    ...['', 'a', '@b.c', 'a@', 'a@b', 'a@b@c.d', '.a@b.c', 'a.@b.c', 'a..b@c.d', 'a@.b.c', 'a@b..c', 'a@b.c.'],
    ...[' a@b.c', 'a@b.c ', 'a@b.c\n', '<a@b.c>', 'Jane <a@b.c>', 'a@b.c,d@e.f', 'a@b.c;d@e.f', 'a:a@b.c;'],
    ...['"a"@b.c', 'a(b)@c.d', 'a@[192.0.2.1]', 'é@b.c', 'a@é.c', '=?utf-8?q?a?=@b.c,', ofLength(255)],
  ])('is never %j, even when the batch claims it', recipient => {
    expect(sentTo(recipient)).toMatchObject({ rule: 'one-recipient', field: 'Destination.ToAddresses' })
  })
})

describe('The sender and the reply-to', () => {
  it.each([
    sender,
    sender.toUpperCase(),
    `"Example" <${sender}>`,
    `"Example" <${sender.toUpperCase()}>`,
    `"The \\"Ex\\\\ample\\"" <${sender}>`,
    `"" <${sender}>`,
    `=?UTF-8?B?RXhhbXBsZQ==?= <${sender}>`,
  ])('may be written as %s', from => {
    expect(findingOf(withFrom(from))).toBe('passed')
  })

  it.each([
    `x "Example" <${sender}>`,
    `"Example" <${sender}> x`,
    `"Example" <${sender}>,`,
    `Example <${sender}>`,
    `"Example"<${sender}>`,
    `"Exa"mple" <${sender}>`,
    `"Example\\" <${sender}>`,
    `<${sender}>`,
    `=?UTF-8?B??= <${sender}>`,
    `${sender}, ${support}`,
    `"${sender}"`,
    self,
    `"Example" <${self}>`,
    'Example',
    '',
  ])('are never %j', text => {
    expect(findingOf(withFrom(text))).toMatchObject({ rule: 'notice-mailbox', field: 'FromEmailAddress' })
    expect(findingOf(withReplyTo(text))).toMatchObject({ rule: 'notice-mailbox', field: 'ReplyToAddresses.0' })
  })

  it('are no mailbox in quotes, even one that the notice writes', () => {
    const noticeAddresses = addressesOfNotice([sender, support, 'Write to "help desk"@exchange.example'])
    const reply = withReplyTo('"help desk"@exchange.example')
    expect(findingOf(reply, { ...permitted, noticeAddresses })).toMatchObject({ rule: 'notice-mailbox' })
  })

  it('show what stands around the sign', () => {
    expect(findingOf(withFrom(`${'!'.repeat(90)} ${self}`))).toMatchObject({
      excerpt: expect.stringMatching(/^!+ \*\.\*\+\*@\*\.\*$/),
    })
  })
})

describe('A header', () => {
  it.each(['%0d%0aBcc:x', 'a%0A', '&#10;x', '&NewLine;x', '\\u000ax', '=?utf-8?q?=0A?=', '%250A', '%26%2310;'])(
    'is refused for a line break that is written as in %s',
    text => {
      const refused = { rule: 'control-character', excerpt: expect.not.stringMatching(/[a-z0-9]/i) }
      expect(findingOf(withSubject(text))).toMatchObject({ ...refused, field: 'Content.Simple.Subject' })
      expect(findingOf(withFrom(`"${text}" <${sender}>`))).toMatchObject({ ...refused, field: 'FromEmailAddress' })
    },
  )

  it.each(['=?utf-7?q?x?=', '=?utf-8?x?x?=', `${'%25'.repeat(1)}${'25'.repeat(8)}40`])(
    'is refused for %s, which cannot be read',
    text => {
      expect(findingOf(withSubject(text))).toMatchObject({ rule: 'hidden-text', field: 'Content.Simple.Subject' })
    },
  )

  it('is refused for a foreign address', () => {
    const found = { rule: 'foreign-address', field: 'Content.Simple.Subject', excerpt: '* *.*@*.*' }
    expect(findingOf(withSubject(`for ${other}`))).toEqual(found)
  })
})

describe('A tag or a configuration set', () => {
  it.each([self, other, sender])('shows nobody: not %s, encoded with letters and digits alone', address => {
    const found = { rule: 'foreign-address', excerpt: expect.stringMatching(/^[*.+]+@\*\.\*$/) }
    const encoded = hex(address)
    expect(findingOf(tagged(encoded))).toEqual({ ...found, field: 'EmailTags.recipient' })
    expect(findingOf(configured(encoded))).toEqual({ ...found, field: 'ConfigurationSetName' })
  })
})
