import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseLocale } from '../../functions/recipient/locale.ts'

it.each([
  ['en', 'en'],
  [' EN ', 'en'],
  ['pt_BR', 'pt-BR'],
  ['zh-hant-tw', 'zh-Hant-TW'],
  ['iw', 'he'],
  ['ca-valencia', 'ca-valencia'],
  ['en-US-u-ca-gregory-x-private', 'en-US'],
])('the locale %j is %s', (text, locale) => {
  expect(parseLocale(text)).toEqual({ kind: 'valid', locale })
})

it.each([
  ['xx', 'locale-unknown'],
  ['und', 'locale-unknown'],
  ['english', 'locale-unknown'],
  ['', 'locale-malformed'],
  ['e', 'locale-malformed'],
  ['en us', 'locale-malformed'],
  ['ada@example.com', 'locale-malformed'],
])('the locale %j is refused as %s, every time', (text, reason) => {
  expect(parseLocale(text)).toEqual({ kind: 'invalid', reason })
  expect(parseLocale(text)).toEqual({ kind: 'invalid', reason })
})

it('whatever the text, the answer is a canonical tag or a reason', () => {
  const subtag = fc.oneof(
    fc.stringMatching(/^[a-zA-Z0-9]{1,9}$/),
    fc.constantFrom('und', 'en', 'Latn', 'x', 'u', 'ca', '001'),
  )
  const tag = fc.oneof(
    fc.string(),
    fc.array(subtag, { maxLength: 4 }).map(subtags => subtags.join('-')),
  )
  fc.assert(
    fc.property(tag, text => {
      const parsed = parseLocale(text)
      if (parsed.kind === 'valid') expect(parseLocale(parsed.locale)).toEqual(parsed)
    }),
    { numRuns: 3000 },
  )
})
