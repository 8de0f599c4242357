import { isUtf8 } from 'node:buffer'

/** Percent-encoded bytes, or what the older `escape()` writes for characters beyond Latin 1. */
const PERCENT = /(?:%[0-9A-Fa-f]{2})+|%u[0-9A-Fa-f]{4}/g

/** Percent-encoding, one level of it. What is no UTF-8 is read as Latin 1. */
export function decodePercent(text: string): string {
  const first = firstPercentEscape(text)
  return first === -1 ? text : text.slice(0, first) + text.slice(first).replace(PERCENT, decodeRun)
}

function decodeRun(run: string): string {
  if (run.startsWith('%u')) return String.fromCharCode(Number.parseInt(run.slice(2), 16))
  const code = run.length === 3 ? Number.parseInt(run.slice(1), 16) : 0x80
  if (code < 0x80) return String.fromCharCode(code)
  return decodeBytes(Buffer.from(run.replaceAll('%', ''), 'hex'))
}

/** Most percent signs are of style sheets: `width:100%;`. */
function firstPercentEscape(text: string): number {
  for (let at = text.indexOf('%'); at !== -1; at = text.indexOf('%', at + 1)) {
    const next = text.charCodeAt(at + 1)
    if (next === 0x75 || isHexDigit(next)) return at
  }
  return -1
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66)
}

export function decodeBytes(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}

/** `\u{40}`, `\u0040`, `\x40` of scripts, `\40 ` and `\000040` of style sheets, `\100` of C, a sign, dot or backslash by itself, and a line that goes on in the next. */
const BACKSLASH =
  /\\(?:u\{([0-9A-Fa-f]{1,8})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(100)|([0-9A-Fa-f]{1,6})[ \t\r\n\f]?|([@.\\])|\r?(\n))/g

/**
 * Escapes with a backslash, one level of them. A style sheet's escape may be as short as one digit, so that only those count
 * which give what an address is written with: `DOMAIN\abby` is a name.
 */
export function decodeBackslash(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(BACKSLASH, (whole, braced, unicode, hex, octal, css, char, lineEnd) => {
    if (lineEnd !== undefined) return ''
    if (char !== undefined) return char
    if (octal !== undefined) return '@'
    const code = Number.parseInt(braced ?? unicode ?? hex ?? css, 16)
    if (css !== undefined && !isWrittenInAddresses(code)) return whole
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

const COMPATIBLE_SIGNS = new Set([0xff20, 0xfe6b])

function isWrittenInAddresses(code: number): boolean {
  return (code > 0x20 && code < 0x7f) || COMPATIBLE_SIGNS.has(code)
}
