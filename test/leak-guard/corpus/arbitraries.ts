import fc from 'fast-check'
import * as e from './encodings.ts'

type Encoding = (text: string) => string

/** What a reader takes for the same letters. */
const seen: Readonly<Record<string, Encoding>> = {
  capitals: text => text.toUpperCase(),
  'full width': e.fullWidth,
  'bold letters': e.mathBold,
  'script letters': e.mathScript,
  'circled letters': e.circled,
  'zero-width spaces': e.joinedBy('\u200b'),
  'soft hyphens': e.joinedBy('\u00ad'),
  'tag spaces': e.joinedBy('\u{e0020}'),
  'variation selectors': e.joinedBy('\ufe0f'),
}

/** What a page or its style sheet shows as one text. */
const split: Readonly<Record<string, Encoding>> = {
  'word breaks': e.joinedBy('<wbr>'),
  comments: e.joinedBy('<!-- -->'),
  'bold sign': text => text.replace('@', '<b>@</b>'),
  spans: text => text.replace(/./gu, '<span>$&</span>'),
}

/** What a client, a browser or the server behind a link decodes. */
const decoded: Readonly<Record<string, Encoding>> = {
  'decimal entities': e.decimalEntities,
  'hexadecimal entities': e.hexEntities,
  'padded entities': e.zeroPaddedEntities,
  'named entities': e.namedEntities,
  percent: e.percentUri,
  'percent, all': e.percentAll,
  'percent, all, small': e.percentAllLower,
  'JSON escapes': e.jsonEscapes,
  base64: e.base64,
  base64url: e.base64url,
  'base64 without padding': e.base64Unpadded,
  hexadecimal: e.hex,
  'word, base64': text => e.wordB(text),
  'word, quoted-printable': text => e.wordQ(text),
}

/** What may stand right before and after it. */
const surroundings: readonly (readonly [string, string])[] = [
  [' ', ' '],
  ['<', '>'],
  ['(', ')'],
  ['"', '"'],
  ["'", "'"],
  ['[', ']'],
  ['“', '”'],
  ['>', '<'],
  ['?e=', '&l=en'],
  ['/', '/'],
  [':', ';'],
  [',', ','],
  ['mailto:', '?subject=x'],
  [' ', '.'],
  ['账户', '已'],
  ['x', ' '],
  ['@', ' '],
]

const local = fc.stringMatching(/^[a-z0-9](?:[a-z0-9._+'-]{0,20}[a-z0-9])?$/).filter(text => !/[._+'-]{2}/.test(text))
const host = fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,10}[a-z0-9])?$/).filter(text => !text.includes('--'))
const topLevel = fc.constantFrom('example', 'test', 'invalid', 'example.com', 'example.org', 'example.net')

export const address = fc.tuple(local, host, topLevel).map(([name, domain, top]) => `${name}@${domain}.${top}`)

export interface Encoded {
  readonly how: readonly string[]
  /** Whether it has become a text with tags in it, which only the text of a page can be. */
  readonly tagged: boolean
  readonly encode: Encoding
}

const some = (encodings: Readonly<Record<string, Encoding>>, maxLength: number) =>
  fc.uniqueArray(fc.constantFrom(...Object.entries(encodings)), { maxLength, selector: ([how]) => how })

/** One encoding, or two or three of them, one within the other, in an order in which they can all be undone. */
export const encoding: fc.Arbitrary<Encoded> = fc
  .tuple(some(seen, 2), some(split, 1), fc.array(fc.constantFrom(...Object.entries(decoded)), { maxLength: 3 }))
  .map(steps => steps.flat().slice(-3))
  .map(steps => ({
    how: steps.map(([how]) => how),
    tagged: steps.some(([how]) => how in split),
    encode: text => steps.reduce((written, [, encode]) => encode(written), text),
  }))

export const surrounding = fc.constantFrom(...surroundings)
/** Texts of any script with no sign in them from which an address could be made. */
export const harmless = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .map(text => text.normalize('NFKC').replace(/[@&%=\\\p{Cc}\p{Cs}\u2028\u2029]/gu, ''))
