import { domainToASCII } from 'node:url'

/** An address as it is compared: trimmed, lower case, the domain in Punycode. */
export function normaliseAddress(text: string): string {
  const address = text.trim().toLowerCase()
  const at = address.lastIndexOf('@')
  if (at === -1) return address
  const domain = address.slice(at + 1)
  return `${address.slice(0, at)}@${domainToASCII(domain) || domain}`
}

/** One character of an address, as running text in any script shows it. The domain ends earlier than the name begins. */
const wideName = /[^\s<>()[\],;:"\\@\p{Cc}\p{Cf}“”«»「」『』（）：；、。，]/u
const wideDomain = /[^\s<>()[\],;:"'\\@/?#&\p{Cc}\p{Cf}“”«»「」『』（）：；、。，]/u
const narrowName = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]/
const narrowDomain = /[A-Za-z0-9.-]/
const NAME_LENGTH_MAX = 320
/** Encodings inside encodings that are undone. */
const NESTED = 5
/** What no reader sees between two letters, and the wide forms of `@`. */
const DISGUISE = /[\p{Cf}\uff20\ufe6b]/u
const ENCODED = /[A-Za-z0-9+/_-]{16,1024}={0,2}/g
/** What random letters do not decode to. */
const PLAIN_WITH_ADDRESS = /^(?=[\x20-\x7e]*[\w.+'-]@[a-z0-9-]+\.[a-z]{2})[\x20-\x7e]+$/i

/**
 * Every "@" of a text with something on both sides, as the readings that it allows: with neighbouring letters of any script,
 * with ASCII alone (Japanese writes no space around an address), and after the "=" of a URL. Percent-encoding, nested too,
 * wide and invisible characters are undone, and base64 is where that gives nothing but an address and what is around it.
 */
export function* addressReadings(text: string): Generator<ReadonlySet<string>> {
  yield* readingsOf(text)
  let reading = text
  for (let depth = 0; depth < NESTED && /%(?:25)*40/.test(reading); depth += 1) {
    reading = reading.replace(/%([0-9a-f]{2})/gi, (_, hex) => byteToText(hex))
    yield* readingsOf(reading)
  }
  if (DISGUISE.test(reading)) yield* readingsOf(undisguised(reading))
  for (const [encoded] of reading.matchAll(ENCODED)) {
    const decoded = Buffer.from(encoded, 'base64').toString()
    if (decoded.includes('@') && PLAIN_WITH_ADDRESS.test(decoded)) yield* readingsOf(decoded)
  }
}

const undisguised = (text: string) => text.normalize('NFKC').replace(new RegExp(DISGUISE, 'gu'), '')

function* readingsOf(text: string): Generator<ReadonlySet<string>> {
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const name = runBefore(text, at, narrowName)
    const domain = runAfter(text, at, narrowDomain)
    const readings = [
      join(runBefore(text, at, wideName), runAfter(text, at, wideDomain)),
      join(name, domain),
      join(name.replace(/^.*[=?&/']/, ''), domain),
    ].filter(reading => reading !== undefined)
    if (readings.length > 0) yield new Set(readings)
  }
}

function runBefore(text: string, at: number, part: RegExp): string {
  let start = at
  while (start > 0 && at - start < NAME_LENGTH_MAX && part.test(text.charAt(start - 1))) start -= 1
  return text.slice(start, at)
}

function runAfter(text: string, at: number, part: RegExp): string {
  let end = at + 1
  while (end < text.length && end - at < NAME_LENGTH_MAX && part.test(text.charAt(end))) end += 1
  return text.slice(at + 1, end)
}

function join(local: string, domain: string): string | undefined {
  const name = local.replace(/^[.']+/, '')
  const host = domain.replace(/[.…!?'-]+$/u, '')
  return name === '' || host === '' ? undefined : normaliseAddress(`${name}@${host}`)
}

function byteToText(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16))
}
