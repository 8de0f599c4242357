import { domainToUnicode } from 'node:url'
import { type Sighting, sightings } from './address-finder.ts'
import { type Address, addressOf, domainText, normalDomain, normalLocal, shownDomain } from './addresses.ts'
import { BREAK, JOINT } from './html-text.ts'

/** Whose addresses a message may show. */
export interface Permitted {
  /** The normalised address of the one recipient. */
  readonly recipient: string
  /** Lower case: the sender, the reply-to and every address in the notice's own templates. */
  readonly noticeAddresses: ReadonlySet<string>
}

/** Signs that divide one thing from the next in a link, a table or a list, and that no customer's address has. */
const DIVIDING = /[=/?&#|{}]/
const UP_TO_LAST_DIVIDING = /^.*[=/?&#|{}]/s
/** Of scripts that put no space between words, or none between a word and a particle; and symbols. */
const SPACELESS =
  '[\\p{So}\\p{Lm}' +
  'Han Hiragana Katakana Hangul Bopomofo Thai Lao Khmer Myanmar Tibetan Hebrew Arabic'
    .split(' ')
    .map(script => `\\p{Script=${script}}`)
    .join('') +
  '\u3002]'
const SPACELESS_START = new RegExp(`^${SPACELESS}`, 'u')
const SPACELESS_END = new RegExp(`${SPACELESS}$`, 'u')
const MASKED = /[*\u2022\u25cf]+/
const MARK = new RegExp(`[${JOINT}${BREAK}]`)

/** The addresses that a reading of a notice's own text shows. */
export function addressesIn(reading: string): readonly string[] {
  const found: string[] = []
  for (const sighting of sightings(reading)) {
    const address = addressOf(sighting)
    if (address === undefined) continue
    found.push(written(address))
    const core = address.local.replace(UP_TO_LAST_DIVIDING, '')
    if (core !== '') found.push(written({ ...address, local: core }))
  }
  return found
}

/** The first sighting of an address that may not be shown. */
export function foreignIn(reading: string, permitted: Permitted): Sighting | undefined {
  for (const sighting of sightings(reading)) if (!isPermitted(sighting, permitted)) return sighting
  return undefined
}

function isPermitted(sighting: Sighting, permitted: Permitted): boolean {
  const plain = `${sighting.local}@${sighting.domain}`
  if (plain === permitted.recipient || permitted.noticeAddresses.has(plain)) return true
  const address = addressOf(sighting)
  if (address === undefined || permitted.noticeAddresses.has(written(address))) return true
  if (showsOwn(sighting, address, permitted.recipient)) return true
  for (const own of permitted.noticeAddresses) if (showsOwn(sighting, address, own)) return true
  return false
}

function showsOwn(sighting: Sighting, address: Address, own: string): boolean {
  const at = own.lastIndexOf('@')
  return at > 0 && shows(sighting, address, { local: own.slice(0, at), domain: own.slice(at + 1) })
}

/** Whether a sighting is nothing but this address, among what stands around it. */
function shows(sighting: Sighting, { local, domain }: Address, own: Address): boolean {
  return (
    (endsDomain(sighting, domain, own.domain) && endsLocal(sighting, local, own.local)) || marksDivide(sighting, own)
  )
}

/** `…</td><td>jane@example.com</td><td>…`: between two elements an address may begin or end. */
function marksDivide({ local, domain }: Sighting, own: Address): boolean {
  const before = local.split(MARK)
  const after = domain.split(MARK)
  return (
    before.some((_, from) => normalLocal(before.slice(from).join('')) === own.local) &&
    after.some((_, to) => normalDomain(after.slice(0, to + 1).join('')) === own.domain)
  )
}

/** `jane@example.com-Konto`, `jane@example.com_2.pdf`, and scripts that put no space after a word. */
function endsDomain({ domain: raw }: Sighting, domain: string, own: string): boolean {
  if (domain === own) return true
  const shown = shownDomain(raw)
  const start = [own, domainToUnicode(own)].find(form => form !== '' && shown.startsWith(form))
  if (start === undefined) return false
  const rest = domainText(raw).slice(start.length)
  return /^(?:_|-[\p{L}\p{M}\p{N}-]+$)/u.test(rest) || SPACELESS_START.test(rest)
}

function endsLocal(sighting: Sighting, local: string, own: string): boolean {
  return (local.endsWith(own) && endsBefore(local.slice(0, -own.length), sighting)) || masks(local, own)
}

/** Whether an address begins after this, which is glued to it. */
function endsBefore(prefix: string, { before, domain }: Sighting): boolean {
  // `\n` and the like, in a script.
  if (before === '\\' && /^[nrtbfv0]$/.test(prefix)) return true
  if (prefix.endsWith('_') && !domain.endsWith('_')) return false
  const rest = prefix.replace(/[!$%^*~`'_.]*$/, '')
  const bare = rest.replace(/-+$/, '')
  if (bare === '') return rest === '' || rest.length > 1 || /^\s?$/.test(before)
  return DIVIDING.test(rest.slice(-1)) || SPACELESS_END.test(bare)
}

/** `j***e@example.com`: letters of the own address behind asterisks or dots. */
function masks(local: string, own: string): boolean {
  const from = local.search(MASKED)
  const first = local.slice(0, from)
  const last = local.slice(from).replace(MASKED, '')
  return from !== -1 && first.length + last.length < own.length && own.startsWith(first) && own.endsWith(last)
}

function written({ local, domain }: Address): string {
  return `${local}@${domain}`
}
