import { maskedExcerpt } from './excerpt.ts'
import { hiddenTexts } from './hidden-texts.ts'
import { htmlText, innerText, shownText } from './html-text.ts'
import { addressesIn, foreignIn, type Permitted } from './permitted.ts'
import { plainReading } from './plain-reading.ts'
import type { LeakRule } from './rules.ts'
import { findRuns } from './runs.ts'

/** Texts hidden in hidden texts that are read: base64 in base64, and so on. */
const MOST_HIDDEN = 4
/** What may be read of a text, by its length. Honest texts need less than a tenth; the bound keeps the guard linear. */
const READING_FACTOR = 60
const READING_LEAST = 100_000

/** Without one of these, and without a run of an encoding, a text shows no @. */
const MAY_SHOW_AN_ADDRESS = /[@&%\\]|=[?4]|[^\t\n\r\x20-\x7e]/

export interface TextFinding {
  readonly rule: Extract<LeakRule, 'foreign-address' | 'hidden-text'>
  readonly excerpt: string
}

/** What is wrong with a text: an address that may not be shown, in any reading of it, or something that cannot be read to the end. */
export function inspectText(text: string, permitted: Permitted): TextFinding | undefined {
  if (!MAY_SHOW_AN_ADDRESS.test(text) && findRuns(text).length === 0) return undefined
  for (const reading of readingsOf(text)) {
    if (reading === undefined) return { rule: 'hidden-text', excerpt: '' }
    const foreign = foreignIn(reading, permitted)
    if (foreign !== undefined) {
      return { rule: 'foreign-address', excerpt: maskedExcerpt(reading, foreign.position) }
    }
  }
  return undefined
}

/** The addresses that a notice itself writes, and that its messages may therefore show. */
export function addressesOfNotice(texts: readonly string[]): ReadonlySet<string> {
  return new Set(
    texts.flatMap(text =>
      readingsOf(text)
        .flatMap(reading => (reading === undefined ? [] : addressesIn(reading)))
        .toArray(),
    ),
  )
}

/**
 * Every way in which a text may be read: what stands in it, what a page made of it shows, and the same of each text hidden in
 * it. Undefined stands for what is encoded more often than the guard decodes.
 */
function* readingsOf(whole: string): Generator<string | undefined> {
  let left = READING_LEAST + READING_FACTOR * whole.length
  const waiting = [{ text: whole, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { text, depth } = next
    left -= text.length
    const plain = left < 0 ? undefined : plainReading(text)
    yield plain
    if (plain === undefined) return
    yield* shownByPages(text, plain)
    const hidden = hiddenTexts(text, plain)
    if (depth === MOST_HIDDEN && hidden.length > 0) yield undefined
    for (const inner of hidden) waiting.push({ text: inner, depth: depth + 1 })
  }
}

/** What is shown when a text is taken for HTML; also by tags that appear only when it is decoded, or within other tags. */
function* shownByPages(text: string, plain: string): Generator<string | undefined> {
  if (!plain.includes('<')) return
  yield plainReading(htmlText(text))
  const shown = shownText(text)
  if (shown !== undefined) yield plainReading(shown)
  if (showsTagsWithin(text, plain)) yield plainReading(innerText(plain))
}

/** Whether the plain reading has a tag within a tag, or more of them than the text itself. */
function showsTagsWithin(text: string, plain: string): boolean {
  return /<[^<>]*</.test(plain) || count(plain, '<') > count(text, '<')
}

function count(text: string, char: string): number {
  let found = 0
  for (let at = text.indexOf(char); at !== -1; at = text.indexOf(char, at + 1)) found++
  return found
}
