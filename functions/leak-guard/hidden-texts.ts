import { decodeQuoted } from './encoded-words.ts'
import { decodeBytes } from './escapes.ts'
import { findRuns, type Run, SHORTEST_RUN } from './runs.ts'
import { tagText, turnedText } from './visible.ts'

/** Shorter than the shortest address, `a@b.co`. */
const SHORTEST_TEXT = 6
const SHORTEST_PART = 12
/** Random bytes, of which links are full, are readable for so long once in a thousand million times. */
const TELLING_TEXT = 20
/** A text as short as its address is believed when its letters are of one case, as those of random bytes are not. */
const EVEN_ADDRESS =
  /[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}|[A-Z0-9._+-]+@[A-Z0-9-]+(?:\.[A-Z0-9-]+)*\.[A-Z]{2,}/g
/** What a client or the server behind a link would read: printable ASCII, tabs and line breaks, UTF-8, and the nulls of UTF-16. */
const READABLE = /(?:[\t\n\r\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+/g

/**
 * Texts that stand in a text without being written in it: in base64 and hexadecimal runs, in quoted-printable, in Unicode's
 * tag characters, or backwards. `text` is as it came; `reading` is its plain reading.
 */
export function hiddenTexts(text: string, reading: string): readonly string[] {
  const runs = findRuns(reading)
  const hidden = [
    ...runs.filter(({ mixed }) => mixed).flatMap(inBase64),
    ...runs.filter(({ hex }) => hex).flatMap(inHex),
  ]
  for (const other of [...inQuotedPrintable(reading), tagText(text), turnedText(text)]) {
    if (other !== '') hidden.push(other)
  }
  return hidden
}

/**
 * Base64 within a longer run begins at any of four places in the alphabet's groups; in a path or after a prefix also after a
 * sign that divides names, unless the run is one text already.
 */
function inBase64({ text }: Run): readonly string[] {
  const whole = atEachOffset(text)
  if (whole.some(found => Buffer.byteLength(found) > text.length / 2) || !/[/_+-]/.test(text)) return whole
  const parts = text.split('/').flatMap(part => {
    const texts = atEachOffset(part)
    return texts.length > 0 || !/[_+-]/.test(part) ? texts : part.split(/[_+-]/).flatMap(atEachOffset)
  })
  return [...whole, ...parts]
}

function atEachOffset(run: string): readonly string[] {
  if (run.length < SHORTEST_RUN) return []
  const texts: string[] = []
  for (let offset = 0; offset < 4; offset++) {
    const bytes = decoded(run.slice(offset), 'base64')
    const found = readable(bytes)
    texts.push(...found)
    // All of it is one text: at another offset it is none.
    if (found[0] === bytes) break
  }
  return texts
}

function inHex({ text }: Run): readonly string[] {
  return text
    .matchAll(/[0-9A-Fa-f]{12,}/g)
    .flatMap(([digits]) => [0, 1].flatMap(offset => readable(decoded(digits.slice(offset), 'hex'))))
    .toArray()
}

/** Most runs are short: for those no memory is asked for. */
const scratch = Buffer.alloc(4_096)

/** The bytes as characters of Latin 1. */
function decoded(run: string, encoding: 'base64' | 'hex'): string {
  if (run.length > scratch.length) return Buffer.from(run, encoding).toString('latin1')
  return scratch.toString('latin1', 0, scratch.write(run, encoding))
}

function readable(bytes: string): readonly string[] {
  const latin1 = bytes.replaceAll('\0', '')
  const texts: string[] = []
  READABLE.lastIndex = 0
  for (let match = READABLE.exec(latin1); match !== null; match = READABLE.exec(latin1)) {
    if (isText(match[0], latin1)) texts.push(decodeBytes(Buffer.from(match[0], 'latin1')))
  }
  return texts
}

/** Whether a readable part of some bytes was written, rather than come about: nobody's notice may stop for a random token. */
function isText(part: string, whole: string): boolean {
  const isWhole = part.length === whole.length
  if (part.length >= (isWhole ? SHORTEST_PART : TELLING_TEXT)) return true
  const least = isWhole ? SHORTEST_TEXT : SHORTEST_PART
  if (part.length < least) return false
  if (!part.includes('@')) return true
  return part.matchAll(EVEN_ADDRESS).some(([address]) => address.length >= least)
}

const QUOTED_SIGN = '=40'
const LONGEST_LOCAL = 64
const AROUND_SIGN = 255

/** What a quoted-printable body shows that was encoded twice. `?id=40` of a link is none. */
function inQuotedPrintable(text: string): readonly string[] {
  const found: string[] = []
  for (let at = text.indexOf(QUOTED_SIGN); at !== -1; at = text.indexOf(QUOTED_SIGN, at + 1)) {
    const before = text.slice(Math.max(0, at - LONGEST_LOCAL), at)
    const local = before.slice(before.search(/[\w.+=-]*$/))
    if (/[?&;]/.test(before.charAt(before.length - local.length - 1))) continue
    const after = text.slice(at, at + AROUND_SIGN)
    found.push(decodeQuoted(`${local}${after.slice(0, after.search(/[^\w.=-]|$/))}`))
  }
  return found
}
