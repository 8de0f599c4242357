import { isUtf8 } from 'node:buffer'

/** Percent-encoded bytes, or what the older `escape()` writes for characters beyond Latin 1. */
const PERCENT = /(?:%[0-9A-Fa-f]{2})+|%u[0-9A-Fa-f]{4}/g

/** Percent-encoding, one level of it. What is no UTF-8 is read as Latin 1. */
export function decodePercent(text: string): string {
  const first = firstEscape(text)
  return first === -1 ? text : text.slice(0, first) + text.slice(first).replace(PERCENT, decodeRun)
}

/** Most percent signs are of style sheets: `width:100%;`. */
function firstEscape(text: string): number {
  let at = text.indexOf('%')
  while (at !== -1 && !/[0-9A-Fa-fu]/.test(text.charAt(at + 1))) at = text.indexOf('%', at + 1)
  return at
}

function decodeRun(run: string): string {
  if (run.startsWith('%u')) return String.fromCharCode(Number.parseInt(run.slice(2), 16))
  return decodeBytes(Buffer.from(run.replaceAll('%', ''), 'hex'))
}

export function decodeBytes(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}

/** `\u{40}`, `\u0040`, `\x40` of scripts, `\40 ` and `\000040` of style sheets, `\100` of C, a sign, dot or backslash by itself, and a line that goes on in the next. */
const BACKSLASH =
  /\\(?:u\{([0-9A-Fa-f]{1,8})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(100)|([0-9A-Fa-f]{1,6})[ \t\r\n\f]?|([@.\\])|\r?(\n))/g

/** Printable ASCII, and other forms of the @. */
const WRITTEN_IN_ADDRESSES = /[!-~\uff20\ufe6b]/

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
    const sign = code <= 0x10ffff ? String.fromCodePoint(code) : whole
    return css === undefined || WRITTEN_IN_ADDRESSES.test(sign) ? sign : whole
  })
}
