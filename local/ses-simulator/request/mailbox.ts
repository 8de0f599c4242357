import { domainToUnicode } from 'node:url'

/** One RFC 5322 mailbox: `local@domain` or `Display name <local@domain>`. */
export interface Mailbox {
  readonly kind: 'mailbox'
  readonly address: string
  readonly domain: string
}
export type MailboxResult = Mailbox | { readonly kind: 'illegal'; readonly reason: string }

const illegal = (reason: string): MailboxResult => ({ kind: 'illegal', reason })

/** RFC 5322 atext; a display name outside quotes may have spaces and dots besides. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/
const WORDS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~. -]*$/
const QUOTED = /"(?:[ !#-[\]-~]|\\[ -~])*"/g
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/
const PUNYCODE = /(?:^|\.)xn--/i
const BRACKETED = /^(.*)<([^<>]*)>$/s

/** RFC 5321 §4.5.3.1. */
const LOCAL_PART_MAX = 64
const DOMAIN_MAX = 253
const LABEL_MAX = 63

/**
 * Reads a string as SES does, which takes exactly one mailbox per string; the reasons are those of the address parser
 * whose texts SES's errors carry. Stricter: no quoted local part, domain literal, comment or single-label domain.
 */
export function parseMailbox(written: string): MailboxResult {
  const bracketed = BRACKETED.exec(written)
  if (bracketed === null) return parseAddress(written)
  const [, displayName = '', address = ''] = bracketed
  const fault = faultOfDisplayName(displayName)
  return fault === undefined ? parseAddress(address) : illegal(fault)
}

function faultOfDisplayName(displayName: string): string | undefined {
  if (hasControl(displayName)) return 'Display name contains control characters'
  if (hasNonAscii(displayName)) return 'Display name contains non-ASCII characters: use RFC 2047 encoded words'
  const unquoted = displayName.replaceAll(QUOTED, ' ')
  return WORDS.test(unquoted) ? undefined : 'Illegal address'
}

function parseAddress(address: string): MailboxResult {
  if (address === '' || /[,;:<>()"\\]/.test(address)) return illegal('Illegal address')
  const at = address.lastIndexOf('@')
  if (at === -1)
    return illegal(hasWhitespace(address) ? 'Local address contains control or whitespace' : "Missing final '@domain'")
  const localPart = address.slice(0, at)
  const domain = address.slice(at + 1)
  const fault = faultOfLocalPart(localPart) ?? faultOfDomain(domain)
  return fault === undefined ? { kind: 'mailbox', address, domain } : illegal(fault)
}

function faultOfLocalPart(localPart: string): string | undefined {
  if (localPart === '') return 'Missing local name'
  if (hasWhitespace(localPart) || hasNonAscii(localPart)) return 'Local address contains control or whitespace'
  if (localPart.startsWith('.')) return 'Local address starts with dot'
  if (localPart.endsWith('.')) return 'Local address ends with dot'
  if (localPart.includes('..')) return 'Local address contains dot-dot'
  if (!LOCAL_PART.test(localPart)) return 'Local address contains illegal character'
  if (localPart.length > LOCAL_PART_MAX) return `Local address is longer than ${LOCAL_PART_MAX} characters`
  return undefined
}

function faultOfDomain(domain: string): string | undefined {
  if (domain === '') return 'Missing domain'
  if (hasWhitespace(domain)) return 'Domain contains control or whitespace'
  if (domain.startsWith('.')) return 'Domain starts with dot'
  if (domain.endsWith('.')) return 'Domain ends with dot'
  if (domain.includes('..')) return 'Domain contains dot-dot'
  const labels = domain.split('.')
  if (!labels.every(label => LABEL.test(label))) return 'Domain contains illegal character'
  if (domain.length > DOMAIN_MAX || labels.some(label => label.length > LABEL_MAX)) return 'Domain is too long'
  if (labels.length === 1) return 'Domain has only one label'
  if (PUNYCODE.test(domain) && PUNYCODE.test(domainToUnicode(domain))) return 'Domain is not valid Punycode'
  return undefined
}

/** Control characters and blanks. */
const hasWhitespace = (text: string) => /[\p{Cc} ]/u.test(text)
const hasControl = (text: string) => /\p{Cc}/u.test(text)
const hasNonAscii = (text: string) => /\P{ASCII}/u.test(text)
