import { decodeBytes } from './escapes.ts'

/** RFC 2047's word, with RFC 2231's language; white space between two words is no part of the text. */
const WORD = /=\?[\w*-]+\?([bq])\?([^?]*)\?=(?:[ \t\r\n]*(?==\?))?/gi
const ANYTHING_LIKE_A_WORD = /=\?[^?\s]*\?[^?\s]*\?[^?]*\?=/g
/** In a character set in which ASCII is ASCII and that every client reads alike. */
const READABLE_WORD = /^=\?(?:utf-?8|us-ascii|iso-8859-1|windows-1252)(?:\*[\w-]*)?\?[bq]\?/i

/** RFC 2047's words as a client shows them, one level of them. */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text
  return text.replace(WORD, (word, encoding, content) => {
    if (/q/i.test(encoding)) return decodeBytes(fromQ(content))
    // What is no base64 is shown as it is.
    return /^[\w+/=\s-]*$/.test(content) ? decodeBytes(Buffer.from(content, 'base64')) : word
  })
}

/** Whether a header has a word that clients may read differently, or that only some can read. */
export function hasUnreadableWord(text: string): boolean {
  return text.matchAll(ANYTHING_LIKE_A_WORD).some(([word]) => !READABLE_WORD.test(word))
}

function fromQ(content: string): Buffer {
  return Buffer.from(decodeQuoted(content.replaceAll('_', ' ')), 'latin1')
}

/** Quoted-printable's `=40`. */
export function decodeQuoted(text: string): string {
  return text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}
