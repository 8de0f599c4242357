import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InspectedMail } from '../../functions/leak-guard/inspected-mail.ts'
import { address, encoding, harmless, surrounding } from './corpus/arbitraries.ts'
import { seed, times } from './corpus/effort.ts'
import {
  honest,
  permitted,
  self,
  sender,
  support,
  withHtml,
  withReplyTo,
  withSubject,
  withTag,
  withText,
  withTo,
} from './corpus/honest.ts'

const inspect = (request: unknown) => InspectedMail.inspect(request, permitted)

const runs = (numRuns: number) => ({ seed, numRuns: times(numRuns) })

/** Every field that a text can come to stand in. */
const fields: Readonly<Record<string, (text: string) => unknown>> = {
  subject: withSubject,
  text: withText,
  html: text => withHtml(`<p>${text}</p>`),
  'html attribute': text => withHtml(`<img alt="${text.replaceAll('"', '&quot;')}">`),
  'html comment': text => withHtml(`<!-- ${text} -->`),
  'name of the sender': text => honest({ from: { name: text, address: sender } }),
  'reply-to': withReplyTo,
  to: withTo,
  tag: withTag,
}
const field = fc.constantFrom(...Object.entries(fields).map(([name, put]) => ({ name, put })))
const knownField =
  /^(FromEmailAddress|Destination(\.ToAddresses(\.\d)?)?|ReplyToAddresses(\.\d)?|Content\.Simple\.(Subject|Body\.(Text|Html))|EmailTags(\.[\w-]+)*(\.Name|\.Value)?|ConfigurationSetName|)$/

describe(`Alone: what holds for every message (SEED=${seed})`, () => {
  it('refuses a foreign address in any field, at any place, in up to three encodings', () => {
    fc.assert(
      fc.property(address, encoding, field, surrounding, harmless, harmless, (other, how, where, around, a, b) => {
        fc.pre(other !== self && other !== sender && other !== support)
        fc.pre(!how.tagged || !where.name.startsWith('html '))
        const [before, after] = around
        expect(inspect(where.put(`${a} ${before}${how.encode(other)}${after} ${b}`)).kind).toBe('refused')
      }),
      runs(4_000),
    )
  })

  it('passes every message that has the own address and those of the notice, and no other', () => {
    const texts = fc.array(fc.oneof(harmless, fc.constantFrom(self, support, sender, self.toUpperCase())))
    fc.assert(
      fc.property(texts, texts, texts, (subject, text, html) => {
        const mail = honest({ subject: subject.join(' '), text: text.join('\n'), html: html.join('<br>') })
        expect(inspect(mail)).toMatchObject({ kind: 'passed', mail: { request: mail } })
      }),
      runs(1_000),
    )
  })

  it('passes the own address in any field that a reader sees, and in one encoding', () => {
    fc.assert(
      fc.property(encoding, fc.constantFrom('text', 'html', 'html attribute', 'subject'), harmless, (how, where, a) => {
        fc.pre(how.how.length < 2)
        expect(inspect(fields[where]?.(`${a} ${how.encode(self)} ${a}`))).toMatchObject({ kind: 'passed' })
      }),
      runs(1_000),
    )
  })

  it('says where and why without a letter or digit of the message', () => {
    fc.assert(
      fc.property(address, encoding, field, surrounding, harmless, (other, how, where, [before, after], a) => {
        const verdict = inspect(where.put(`${a} ${before}${how.encode(other)}${after} ${a}`))
        fc.pre(verdict.kind === 'refused')
        if (verdict.kind === 'refused') {
          expect(verdict.excerpt).not.toMatch(/[\p{L}\p{N}]/u)
          expect(verdict.excerpt.length).toBeLessThanOrEqual(80)
          expect(verdict.field).toMatch(knownField)
        }
      }),
      runs(1_500),
    )
  })

  it('refuses every To but the recipient', () => {
    const texts = fc.oneof(fc.string(), address, fc.string({ unit: 'grapheme' }), fc.mixedCase(fc.constant(self)))
    fc.assert(
      fc.property(texts, to => {
        fc.pre(to !== self)
        expect(inspect(withTo(to)).kind).toBe('refused')
      }),
      runs(500),
    )
  })

  it('refuses every key that it does not know, on every level', () => {
    const base = honest()
    const { Simple } = base.Content
    const levels: readonly ((keys: object) => unknown)[] = [
      keys => ({ ...base, ...keys }),
      keys => ({ ...base, Destination: { ...base.Destination, ...keys } }),
      keys => ({ ...base, Content: { ...base.Content, ...keys } }),
      keys => ({ ...base, Content: { Simple: { ...Simple, ...keys } } }),
      keys => ({ ...base, Content: { Simple: { ...Simple, Subject: { ...Simple.Subject, ...keys } } } }),
      keys => ({ ...base, Content: { Simple: { ...Simple, Body: { ...Simple.Body, ...keys } } } }),
      keys => ({
        ...base,
        Content: { Simple: { ...Simple, Body: { ...Simple.Body, Html: { ...Simple.Body.Html, ...keys } } } },
      }),
      keys => ({
        ...base,
        Content: { Simple: { ...Simple, Body: { ...Simple.Body, Text: { ...Simple.Body.Text, ...keys } } } },
      }),
      keys => ({ ...base, EmailTags: base.EmailTags.map(tag => ({ ...tag, ...keys })) }),
    ]
    const known = new Set(JSON.stringify(base).match(/[A-Z]\w+(?=":)/g))
    const key = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('Bcc', 'CcAddresses', 'BccAddresses', 'Raw'))
    fc.assert(
      fc.property(fc.constantFrom(...levels), key, fc.anything(), (level, name, value) => {
        fc.pre(!known.has(name) && name !== '__proto__')
        expect(inspect(level({ [name]: value })).kind).toBe('refused')
      }),
      runs(500),
    )
  })

  it('refuses every control character in every field of the header', () => {
    const codes = [
      ...Array(0x20).keys(),
      0x7f,
      ...Array(0x20)
        .keys()
        .map(code => 0x80 + code),
      0x2028,
      0x2029,
    ]
    for (const char of codes.map(code => String.fromCharCode(code))) {
      expect(inspect(withSubject(`The index${char} changes`)).kind).toBe('refused')
      expect(inspect({ ...honest(), FromEmailAddress: `"Example${char}" <${sender}>` }).kind).toBe('refused')
      expect(inspect({ ...honest(), ConfigurationSetName: `onlyto${char}` }).kind).toBe('refused')
      for (const put of [withReplyTo, withTo]) expect(inspect(put(`${support}${char}`)).kind).toBe('refused')
      expect(inspect(withTag(`a${char}b`)).kind).toBe('refused')
    }
  })
})

describe('What has passed', () => {
  it('is a copy that cannot be changed', () => {
    const given = structuredClone(honest())
    const verdict = inspect(given)
    if (verdict.kind === 'refused') throw new Error(verdict.rule)
    Object.assign(given, { Destination: { ToAddresses: ['other.customer@example.org'] } })
    expect(verdict.mail.request).toEqual(honest())
    expect(() => Object.assign(verdict.mail.request.Destination, { BccAddresses: [] })).toThrow(TypeError)
    expect(() => Object.assign(verdict.mail.request.Destination.ToAddresses, [''])).toThrow(TypeError)
    expect(() => Object.assign(verdict.mail.request.Content.Simple.Body.Html, { Data: '' })).toThrow(TypeError)
  })

  it('is what was inspected, also of an object that answers differently each time', () => {
    let asked = 0
    const base = honest()
    const shifty = {
      ...base,
      Destination: {
        get ToAddresses() {
          asked++
          return asked === 1 ? [self] : ['other.customer@example.org']
        },
      },
    }
    const verdict = inspect(shifty)
    if (verdict.kind === 'passed') expect(verdict.mail.request).toEqual(base)
  })

  it('has nothing that was only inherited', () => {
    const given = Object.assign(
      Object.create({ FeedbackForwardingEmailAddress: 'other.customer@example.org' }),
      honest(),
    )
    const verdict = inspect(given)
    if (verdict.kind === 'passed') {
      expect('FeedbackForwardingEmailAddress' in verdict.mail.request).toBe(false)
      expect(verdict.mail.request).toEqual(honest())
    }
  })
})
