import nodemailer from 'nodemailer'
import { describe, expect, test } from 'vitest'
import { writeBodies } from '../../cli/message-bodies.ts'
import { decodeEntities, fillIn } from '../../local/demo/expected-words.ts'
import type { Expectation, WireMessage } from '../../local/demo/message-inspection.ts'
import { auditWire, wireFaults } from '../../local/demo/wire-audit.ts'

const footer = '\n\nQuestions: [support@exchange.example](mailto:support@exchange.example)'
const variants = {
  en: writeBodies('en', 'Index change for {{account}}', `Dear {{name}}, account {{account}}.${footer}`),
  ja: writeBodies('ja', '指数の変更 {{account}}', `{{name}} 様。お問い合わせはsupport@exchange.exampleまで。${footer}`),
}

const people = {
  ana: { address: 'ana@shop.example', locale: 'en', name: 'Ana <3 & "Co"', account: 'NX-1' },
  bob: { address: 'bob+news@shop.example', locale: 'en', name: 'Bob', account: 'NX-2' },
  chie: { address: 'chie@xn--r8jz45g.example', locale: 'ja', name: '千恵', account: 'NX-3' },
}
type Person = (typeof people)[keyof typeof people]

const expectation: Expectation = {
  recipients: new Map(
    Object.values(people).map(({ address, locale, name, account }, index) => [
      address,
      { line: index + 2, locale, variables: { name, account } },
    ]),
  ),
  variants,
  noticeAddresses: new Set(['notices@exchange.example', 'support@exchange.example']),
}

interface Planted {
  readonly locale?: 'en' | 'ja'
  readonly wording?: Person
  readonly envelope?: string[]
  readonly to?: string | string[]
  readonly cc?: string
  readonly headers?: Record<string, string>
  readonly prepend?: string
  readonly appendText?: string
  readonly appendHtml?: string
}

const transport = nodemailer.createTransport({ streamTransport: true, buffer: true })
let sequence = 0

async function message(person: Person, planted: Planted = {}): Promise<WireMessage> {
  const { name, account } = planted.wording ?? person
  const variant = variants[planted.locale ?? (person.locale === 'ja' ? 'ja' : 'en')]
  sequence += 1
  const messageId = `0100-${sequence}`
  const escaped = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const { message: mime } = await transport.sendMail({
    messageId: `<${messageId}@email.ses.example>`,
    from: 'Exchange <notices@exchange.example>',
    replyTo: 'support@exchange.example',
    to: planted.to ?? person.address,
    ...(planted.cc === undefined ? {} : { cc: planted.cc }),
    subject: fillIn(variant.subject, { name, account }),
    text: fillIn(variant.text, { name, account }) + (planted.appendText ?? ''),
    html: fillIn(variant.html, { name: escaped, account }) + (planted.appendHtml ?? ''),
    headers: planted.headers ?? {},
  })
  if (!Buffer.isBuffer(mime)) throw new Error('expected a buffer')
  const envelope = { from: 'notices@exchange.example', to: planted.envelope ?? [person.address] }
  return { messageId, envelope, mime: Buffer.concat([Buffer.from(planted.prepend ?? ''), mime]) }
}

async function audit(...messages: Promise<WireMessage>[]) {
  return auditWire(
    (async function* () {
      for (const one of messages) yield one
    })(),
    expectation,
  )
}

const { ana, bob, chie } = people
const clean = {
  severalRecipients: 0,
  copies: 0,
  foreignAddresses: 0,
  wrongRecipient: 0,
  unreadable: 0,
  missing: 0,
  duplicates: 0,
}

describe('the wire audit', () => {
  test('finds nothing when everybody got their own message alone', async () => {
    const result = await audit(message(ana), message(bob), message(chie))
    expect(result).toEqual({ messages: 3, recipients: 3, ...clean, findings: [] })
    expect(wireFaults(result)).toEqual([])
  })

  test('does not mind the case of an address, nor an IDN domain written in its own script', async () => {
    const unicode = ['chie@例え.example']
    const result = await audit(
      message(ana, { to: 'ANA@Shop.example' }),
      message(bob),
      message(chie, { envelope: unicode }),
    )
    expect(result).toMatchObject(clean)
  })

  const inEverySecondMessage: readonly [string, Planted, object][] = [
    ['two addresses in To', { to: [ana.address, bob.address] }, { severalRecipients: 1, foreignAddresses: 1 }],
    ['two To headers', { prepend: `To: ${ana.address}\r\n` }, { severalRecipients: 1 }],
    [
      'a group in To',
      { to: `Customers: ${ana.address}, ${bob.address};` },
      { severalRecipients: 1, foreignAddresses: 1 },
    ],
    ['two recipients in the envelope', { envelope: [ana.address, bob.address] }, { severalRecipients: 1, missing: 1 }],
    ['an empty envelope', { envelope: [] }, { severalRecipients: 1, missing: 1 }],
    ['a Cc', { cc: bob.address }, { copies: 1, foreignAddresses: 1 }],
    ['a Bcc that was left in', { headers: { Bcc: 'support@exchange.example' } }, { copies: 1 }],
    ['another customer in a header', { headers: { 'X-Origin': bob.address } }, { foreignAddresses: 1 }],
    ['an address nobody knows in a footer', { appendText: 'ask eve@other.example' }, { foreignAddresses: 1 }],
    ['another customer in the text', { appendText: `\n${bob.address}` }, { foreignAddresses: 1, wrongRecipient: 1 }],
    ['another customer in an HTML comment', { appendHtml: `<!-- ${bob.address} -->` }, { foreignAddresses: 1 }],
    ['entities for the @', { appendHtml: 'eve&#64;other.example' }, { foreignAddresses: 1 }],
    [
      'a percent-encoded @ in a link',
      { appendHtml: '<a href="/?u=eve%40other.example">x</a>' },
      { foreignAddresses: 1 },
    ],
    [
      'a percent-encoded @ in a link within a link',
      { appendHtml: '<a href="/?to=https%3A%2F%2Fx.example%2F%3Fu%3Deve%2540other.example">x</a>' },
      { foreignAddresses: 1 },
    ],
    [
      'an address in base64 in a link',
      { appendHtml: `<a href="/?u=${Buffer.from('eve@other.example').toString('base64url')}">x</a>` },
      { foreignAddresses: 1 },
    ],
    ['a wide @', { appendText: 'eve＠other.example' }, { foreignAddresses: 1 }],
    ['an invisible character before the @', { appendText: 'eve\u200b@other.example' }, { foreignAddresses: 1 }],
    ['an address within Japanese text', { appendText: 'はeve@other.exampleまで' }, { foreignAddresses: 1 }],
    ['an IDN address in its own script', { appendText: 'chie@例え.example' }, { foreignAddresses: 1 }],
    ['an address that ends like an allowed one', { appendText: 'x+support@exchange.example' }, { foreignAddresses: 1 }],
    ['two foreign addresses', { appendText: 'a@x.example b@x.example a@x.example' }, { foreignAddresses: 2 }],
    ['the words in another locale', { locale: 'ja' }, { wrongRecipient: 1, foreignAddresses: 0 }],
    ["another person's name", { wording: { ...ana, name: 'Bob' } }, { wrongRecipient: 1 }],
    ["another person's account", { wording: { ...ana, account: 'NX-2' } }, { wrongRecipient: 1 }],
    ['one word too many', { appendText: 'PS' }, { wrongRecipient: 1 }],
    ['a To that is not the envelope recipient', { to: bob.address }, { wrongRecipient: 1, foreignAddresses: 1 }],
  ]
  test.each(inEverySecondMessage)('finds %s', async (_, planted, expected) => {
    const result = await audit(message(ana, planted), message(bob), message(chie))
    expect(result).toMatchObject(expected)
    expect(result.findings.length).toBeGreaterThan(0)
    expect(wireFaults(result).length).toBeGreaterThan(0)
    expect(JSON.stringify([result.findings, wireFaults(result)])).not.toContain('@')
  })

  test('finds names that were swapped between two people', async () => {
    const result = await audit(message(ana, { wording: bob }), message(bob, { wording: ana }), message(chie))
    expect(result).toMatchObject({ wrongRecipient: 2, missing: 0 })
  })

  test('finds messages swapped between two people', async () => {
    const swapped = [message(ana, { envelope: [bob.address] }), message(bob, { envelope: [ana.address] })]
    expect(await audit(...swapped, message(chie))).toMatchObject({ wrongRecipient: 2, foreignAddresses: 2 })
  })

  test('finds who got it twice and whom it never reached, by their row', async () => {
    const result = await audit(message(ana), message(ana), message(ana), message(chie))
    expect(result).toMatchObject({ ...clean, messages: 4, duplicates: 2, missing: 1 })
    expect(result.findings).toContain('row 3: no message reached this recipient')
    expect(wireFaults(result)).toEqual(['1 recipients without a message', '2 messages too many to the same recipient'])
  })

  test('finds a message to somebody who is not in the audience', async () => {
    const eve = { ...ana, address: 'eve@other.example' }
    expect(await audit(message(eve), message(ana), message(bob), message(chie))).toMatchObject({ wrongRecipient: 1 })
  })

  test('finds that nothing was sent', async () => {
    expect(await audit()).toMatchObject({ messages: 0, missing: 3 })
  })
})

test('entities are decoded once', () => {
  expect(decodeEntities('&lt;a&#x3D;&#39;b&#39;&gt; &amp;amp; &unknown;')).toBe("<a='b'> &amp; &unknown;")
})
