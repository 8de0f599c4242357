import { BREAK, JOINT } from './html-text.ts'

/** What stands around an @ and may be an address, as far as it goes on either side. */
export interface Sighting {
  readonly local: string
  readonly domain: string
  /** The character just before. */
  readonly before: string
  /** Where the @ stands. */
  readonly position: number
  /** Whether the text itself says that this is an address, so that its domain needs no dot: a link, or brackets around it. */
  readonly named: boolean
}

/** Of a local part with all that may be glued to it; an address has at most 64 and 255. */
const LONGEST_LOCAL = 200
const LONGEST_DOMAIN = 300
const LONGEST_COMMENT = 200

const LOCAL = 1
const DOMAIN = 2
const KINDS = new Uint8Array(128)
for (const char of "!#$%&'*+/=?^`{|}~") KINDS[char.charCodeAt(0)] = LOCAL
for (const char of '._-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')
  KINDS[char.charCodeAt(0)] = LOCAL | DOMAIN
/** Letters, marks, digits and symbols of any script, halves of pairs, and what masks a letter. */
const BEYOND_ASCII = /[\p{L}\p{M}\p{N}\p{So}\p{Cs}\u2022\u25cf]/u
/** What domain names take for a dot besides the dot; compatibility forms have become dots or these already. */
const DOTS = /[\u3002\u06d4\u0701\u0702\ua4f8]/

/** Everything around an @ in a plain reading that has at least a character on either side. Linear in the text's length. */
export function* sightings(text: string): Generator<Sighting> {
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const { local, start } = localBefore(text, at)
    if (local === '') continue
    const { domain, end } = domainAfter(text, at + 1)
    if (domain === '') continue
    const before = text.charAt(start - 1)
    const after = text.charAt(end)
    const named =
      (before === '<' && after === '>') || text.slice(Math.max(0, start - 7), start).toLowerCase() === 'mailto:'
    yield { local, domain, before, position: at, named }
  }
}

function localBefore(text: string, at: number): { local: string; start: number } {
  let end = at
  // As template languages escape it; also two signs of which each client shows one.
  if (text.charAt(end - 1) === '@') end--
  end = beforeComment(text, end)
  if (text.charAt(end - 1) === '"') return quotedBefore(text, end - 1)
  let start = end
  while (end - start < LONGEST_LOCAL && isLocal(text.charCodeAt(start - 1))) start--
  return { local: text.slice(start, end), start }
}

function isLocal(code: number): boolean {
  if (code < 128) return (KINDS[code] ?? 0) !== 0
  const char = String.fromCharCode(code)
  return char === JOINT || BEYOND_ASCII.test(char)
}

/** `"john doe"@`. A quote that opens, as in `="@name"`, ends none, and one after a letter begins none. */
function quotedBefore(text: string, close: number): { local: string; start: number } {
  const none = { local: '', start: close }
  let open = text.lastIndexOf('"', close - 1)
  while (close - open <= LONGEST_LOCAL && text.charAt(open - 1) === '\\') {
    open = text.lastIndexOf('"', open - 1)
  }
  if (open === -1 || close - open < 2 || close - open > LONGEST_LOCAL) return none
  const quoted = text.slice(open + 1, close)
  if (!/[\s(<>:,;=[\]]/.test(text.charAt(open - 1) || ' ') || /[\r\n]|<\/|[=:,;([{]\s*$/.test(quoted)) return none
  return { local: `"${quoted}"`, start: open }
}

/** Where the comment begins that ends here, as in `other(comment)@`; else here. */
function beforeComment(text: string, end: number): number {
  if (text.charAt(end - 1) !== ')') return end
  let depth = 0
  for (let at = end - 1; end - at < LONGEST_COMMENT; at--) {
    const char = text.charAt(at)
    if (char === ')') depth++
    else if (char === '(' && --depth === 0) return at
  }
  return end
}

function afterComment(text: string, start: number): number {
  if (text.charAt(start) !== '(') return start
  let depth = 0
  for (let at = start; at - start < LONGEST_COMMENT; at++) {
    const char = text.charAt(at)
    if (char === '(') depth++
    else if (char === ')' && --depth === 0) return at + 1
  }
  return start
}

function domainAfter(text: string, from: number): { domain: string; end: number } {
  let start = afterComment(text, from)
  while (text.charAt(start) === JOINT || text.charAt(start) === BREAK) start++
  if (text.charAt(start) === '[') return { domain: literalAt(text, start), end: start }
  let end = start
  let domain = ''
  let pieceFrom = start
  while (end - start < LONGEST_DOMAIN) {
    if (text.charAt(end) === BREAK && text.charAt(end - 1) !== '.' && text.charAt(end + 1) !== '.') break
    if (isDomain(text.charCodeAt(end))) end++
    else {
      const next = afterComment(text, end)
      if (!isDomain(text.charCodeAt(next))) break
      domain += text.slice(pieceFrom, end) + JOINT
      pieceFrom = end = next
    }
  }
  return { domain: domain + text.slice(pieceFrom, end), end }
}

function isDomain(code: number): boolean {
  if (code < 128) return ((KINDS[code] ?? 0) & DOMAIN) !== 0
  const char = String.fromCharCode(code)
  return char === JOINT || char === BREAK || BEYOND_ASCII.test(char) || DOTS.test(char)
}

/** `[192.0.2.1]`, `[IPv6:2001:db8::1]`. */
function literalAt(text: string, open: number): string {
  return text.slice(open, open + 64).replace(/(\[(?:\d[\d.]{6,14}|ipv6:[\da-f:.]{2,45})\])?.*/is, '$1')
}
