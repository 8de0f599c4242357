import { domainToASCII } from 'node:url'

/** An address as it is compared: trimmed, lower case, the domain in Punycode. */
export function normaliseAddress(text: string): string {
  const address = text.trim().toLowerCase()
  const at = address.lastIndexOf('@')
  if (at === -1) return address
  const domain = address.slice(at + 1)
  return `${address.slice(0, at)}@${domainToASCII(domain) || domain}`
}

/** What ends an address in running text, in the scripts that notices are written in. */
const wideBefore = /[^\s<>()[\],;:"\\@\p{C}“”«»「」『』（）：；、。，]*$/u
const wideAfter = /^[^\s<>()[\],;:"'\\@/?#&\p{C}“”«»「」『』（）：；、。，]*/u
const narrowBefore = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]*$/
const narrowAfter = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*/

/**
 * Every "@" of a text with something on both sides, as the readings that it allows: with neighbouring letters of any script,
 * with ASCII alone (Japanese writes no space around an address), and after the "=" of a URL. Percent-encoding is undone.
 */
export function* addressReadings(text: string): Generator<ReadonlySet<string>> {
  yield* readingsOf(text)
  if (/%40/i.test(text)) yield* readingsOf(text.replace(/%([0-9a-f]{2})/gi, (_, hex) => byteToText(hex)))
}

function* readingsOf(text: string): Generator<ReadonlySet<string>> {
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const before = text.slice(Math.max(0, at - 320), at)
    const after = text.slice(at + 1, at + 321)
    const narrow = match(narrowBefore, before)
    const readings = [
      join(match(wideBefore, before), match(wideAfter, after)),
      join(narrow, match(narrowAfter, after)),
      join(narrow.replace(/^.*[=?&/']/, ''), match(narrowAfter, after)),
    ].filter(reading => reading !== undefined)
    if (readings.length > 0) yield new Set(readings)
  }
}

function join(local: string, domain: string): string | undefined {
  const name = local.replace(/^[.']+/, '')
  const host = domain.replace(/[.…!?'-]+$/u, '')
  return name === '' || host === '' ? undefined : normaliseAddress(`${name}@${host}`)
}

function match(pattern: RegExp, text: string): string {
  return pattern.exec(text)?.[0] ?? ''
}

function byteToText(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16))
}
