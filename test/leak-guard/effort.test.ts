import { describe, expect, it } from 'vitest'
import { inspectText } from '../../functions/leak-guard/text-inspection.ts'

/** Texts that make a search start over and over, each repeated to any length. */
const repeated: Readonly<Record<string, string>> = {
  signs: '@',
  'local parts': 'a@',
  'long local parts': `${'a.'.repeat(150)}@`,
  'long domains': `@${'b.'.repeat(150)}`,
  'entities of signs': '&#64;',
  'entities without an end': '&#6',
  ampersands: '&',
  'escaped ampersands': '&amp;',
  'brackets that open': '<',
  'tags without an end': '<a ',
  'quotes without an end': '<a "',
  'quotes of both kinds': `<a '"`,
  'comments without an end': '<!--',
  'ends of comments': '--',
  'scripts without an end': '<script>',
  'ends of scripts without an end': '<script></script ',
  'styles that hide, without an end': '<b style="display:none">@',
  'tags in tags': '<a <b @>',
  'beginnings of words': '=?a?b?',
  'words without an end': '=?utf-8?q?',
  'broken words': '=?utf-8?b?@?=',
  'percent signs': '%',
  'percent signs, encoded': '%25',
  'percent-encoded bytes': '%C3',
  backslashes: '\\',
  'escapes without an end': '\\u{0',
  'brackets of comments': 'a(@',
  'ends of brackets': 'a)@',
  'quotes before signs': '"@',
  'escaped quotes': '\\"@',
  'links over lines': '"mailto:\n',
  'base64 that begins anew': 'aB/',
  'one long run of base64': 'aGVsbG8g',
  'lines of base64': `${'aGVs'.repeat(19)}\n`,
  'hexadecimal digits': '6f40',
  'quoted-printable signs': 'a=40b.cd ',
  'addresses on end': 'a@b.example',
  'text turned round': '\u202ea@',
  'marks on a sign': '@\u0301',
  'spaces that do not break': '\u00a0@',
  'invisible spaces': 'a\u200b',
  'tag characters': '\u{e0041}',
  'halves of pairs': '\ud83d',
}
const permitted = { recipient: 'jane.doe@example.com', noticeAddresses: new Set(['support@example.com']) }
const SMALL = 10_000
const TIMES_LARGER = 32

function cpuMicroseconds(text: string): number {
  const before = process.cpuUsage()
  inspectText(text, permitted)
  const { user, system } = process.cpuUsage(before)
  return user + system
}

const leastOf = (count: number, text: string) => Math.min(...Array.from({ length: count }, () => cpuMicroseconds(text)))

/** A clock of the CPU does not tell less than this. */
const SMALLEST_US = 1_000

describe('The effort of an inspection', () => {
  it.each(Object.entries(repeated))('grows no faster than the text, for %s', (_, unit) => {
    const ofLength = (length: number) => unit.repeat(Math.ceil(length / unit.length))
    const small = Math.max(SMALLEST_US, leastOf(3, ofLength(SMALL)))
    const large = leastOf(1, ofLength(SMALL * TIMES_LARGER))
    // The square of the length would make a thousand of it.
    expect(large / small).toBeLessThan(TIMES_LARGER * 8)
  })
})
