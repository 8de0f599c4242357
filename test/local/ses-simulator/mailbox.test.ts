import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMailbox } from '../../../local/ses-simulator/request/mailbox.ts'

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/).filter(text => !text.startsWith('xn--'))
const atom = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,12}$/)
const localPart = fc.array(atom, { minLength: 1, maxLength: 4 }).map(atoms => atoms.join('.'))
const address = fc
  .tuple(localPart, fc.array(label, { minLength: 2, maxLength: 3 }))
  .map(([local, labels]) => `${local}@${labels.join('.')}`)

test('every dot-atom address is one mailbox, alone and with a display name', () => {
  fc.assert(
    fc.property(address, written => {
      expect(parseMailbox(written)).toMatchObject({ kind: 'mailbox', address: written })
      expect(parseMailbox(`Zoë <${written}>`).kind).toBe('illegal')
      for (const name of ['Jane Doe ', '"Doe, Jane; \\"JD\\"" ', '=?UTF-8?B?Wm/Dqw==?= ', '']) {
        expect(parseMailbox(`${name}<${written}>`)).toMatchObject({ kind: 'mailbox', address: written })
      }
    }),
  )
})

test('two addresses in one string are refused, whatever stands between them', () => {
  const between = fc.constantFrom(
    ',',
    ', ',
    ';',
    '; ',
    ' ',
    '\t',
    '\r\n',
    '\n',
    ':',
    '\0',
    '> <',
    '"',
    '(c)',
    '\\',
    '@',
  )
  fc.assert(
    fc.property(address, address, between, (one, other, separator) => {
      expect(parseMailbox(`${one}${separator}${other}`).kind).toBe('illegal')
      expect(parseMailbox(`<${one}>${separator}<${other}>`).kind).toBe('illegal')
      expect(parseMailbox(`group: ${one}${separator}${other};`).kind).toBe('illegal')
      expect(parseMailbox(`Name <${one}${separator}${other}>`).kind).toBe('illegal')
    }),
  )
})

test.each([
  ['', 'Illegal address'],
  ['a@shop.example, b@shop.example', 'Illegal address'],
  ['everybody: a@shop.example;', 'Illegal address'],
  ['b@shop.example <a@shop.example>', 'Illegal address'],
  ['nobody', "Missing final '@domain'"],
  ['@shop.example', 'Missing local name'],
  ['a@', 'Missing domain'],
  ['.a@shop.example', 'Local address starts with dot'],
  ['a.@shop.example', 'Local address ends with dot'],
  ['a..b@shop.example', 'Local address contains dot-dot'],
  ['a b@shop.example', 'Local address contains control or whitespace'],
  ['zoë@shop.example', 'Local address contains control or whitespace'],
  ['a@b@shop.example', 'Local address contains illegal character'],
  [`${'a'.repeat(65)}@shop.example`, 'Local address is longer than 64 characters'],
  ['a@shop.example ', 'Domain contains control or whitespace'],
  ['a@shop.example\r\nBcc: b@shop.example', 'Illegal address'],
  ['a@.example', 'Domain starts with dot'],
  ['a@shop.', 'Domain ends with dot'],
  ['a@shop..example', 'Domain contains dot-dot'],
  ['a@bücher.example', 'Domain contains illegal character'],
  ['a@-shop.example', 'Domain contains illegal character'],
  ['a@[192.0.2.1]', 'Domain contains illegal character'],
  [`a@${'b'.repeat(64)}.example`, 'Domain is too long'],
  ['a@localhost', 'Domain has only one label'],
  ['a@xn--a.example', 'Domain is not valid Punycode'],
  ['Zoë <a@shop.example>', 'Display name contains non-ASCII characters: use RFC 2047 encoded words'],
  ['Jane\r\nBcc <a@shop.example>', 'Display name contains control characters'],
])('%j is refused: %s', (written, reason) => {
  expect(parseMailbox(written)).toEqual({ kind: 'illegal', reason })
})

test('a Punycode domain is taken', () => {
  expect(parseMailbox('a@xn--bcher-kva.example').kind).toBe('mailbox')
})
