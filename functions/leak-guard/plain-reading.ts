import { decodeHTML } from 'entities'
import { decodeWords } from './encoded-words.ts'
import { decodeBackslash, decodePercent } from './escapes.ts'
import { visible } from './visible.ts'

/** Encodings inside encodings that are undone. More of them is more than any mail system adds by itself. */
const MOST_LEVELS = 8

/**
 * A text with everything undone that is written in place: entities, percent-encoding, escapes, RFC 2047's words, compatibility
 * forms and what is invisible, in any order and until nothing changes. Undefined when something is still encoded then.
 */
export function plainReading(text: string): string | undefined {
  let reading = visible(undone(text))
  let before = text
  for (let level = 1; level < MOST_LEVELS; level++) {
    if (reading === before) return reading
    before = reading
    const next = undone(reading)
    if (next === reading) return reading
    reading = visible(next)
  }
  return undefined
}

/** One level of each encoding. */
function undone(text: string): string {
  return joinedLinks(decodeWords(decodeBackslash(decodePercent(decodeEntities(text)))))
}

/** An entity that lacks its semicolon before an @ may as well be the end of a name: `r&lt@example.org`. */
const UNENDED = /&(#?\w{1,32})(?=@)/g
const LONGEST_ENTITY = 34

export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return decodeHTML(hasUnended(text) ? text.replace(UNENDED, '&amp;$1') : text)
}

function hasUnended(text: string): boolean {
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    if (text.slice(Math.max(0, at - LONGEST_ENTITY), at).includes('&')) return true
  }
  return false
}

const QUOTED_MAILTO = /(?<=["'])mailto:[^"'<>]*(?=["'])/gi

/** A link over several lines is one line to a browser. */
function joinedLinks(text: string): string {
  return /[\t\r\n]/.test(text) ? text.replace(QUOTED_MAILTO, link => link.replace(/[\t\r\n]/g, '')) : text
}
