import { domainToASCII } from 'node:url'

/** Why an address is refused. The sentences never hold the address, so they may go to any reader. */
export const addressFaults = {
  'address-missing': 'There is no address.',
  'address-with-invisible-character':
    'The address holds a control or invisible character. Type it anew instead of pasting it.',
  'address-with-name':
    'Only the bare address may stand here, without display name, angle brackets, quotes or comments.',
  'several-addresses': 'The field holds more than one address. Give each recipient a row of their own.',
  'address-with-space': 'The address has a space inside.',
  'address-without-at': 'The address has no @.',
  'address-without-local-part': 'There is nothing before the @.',
  'address-without-domain': 'There is nothing after the @.',
  'address-too-long': 'The address is longer than 254 characters.',
  'local-part-too-long': 'The part before the @ is longer than 64 characters.',
  'local-part-not-ascii': 'The part before the @ has letters outside ASCII, which SES cannot send to.',
  'local-part-with-route': 'The part before the @ has a % or !, which some servers read as a route to another address.',
  'local-part-invalid': 'The part before the @ is not made of the characters and single dots that an address allows.',
  'domain-without-dot': 'The part after the @ is not a full domain, such as example.com.',
  'domain-numeric': 'The part after the @ is an IP address or ends in a number instead of a domain.',
  'domain-invalid': 'The part after the @ is not a valid domain.',
} as const
export type AddressFault = keyof typeof addressFaults

export type ParsedAddress = { kind: 'valid'; address: string } | { kind: 'invalid'; reason: AddressFault }

/**
 * Parses one bare address and normalises it, so that the same mailbox is the same text: trimmed, lower case, the domain in
 * Punycode. The grammar is the dot-atom of RFC 5322 §3.4.1 with the lengths of RFC 5321 §4.5.3.1 and host names of RFC 1123.
 */
export function parseAddress(text: string): ParsedAddress {
  const trimmed = text.trim()
  const lowered = trimmed.toLowerCase()
  if (PLAIN_ADDRESS.test(trimmed) && fitsLengths(lowered)) return { kind: 'valid', address: lowered }
  const fault = faultOfText(trimmed)
  if (fault !== undefined) return { kind: 'invalid', reason: fault }
  const at = trimmed.indexOf('@')
  const domain = asciiDomain(trimmed.slice(at + 1))
  const address = `${trimmed.slice(0, at).toLowerCase()}@${domain ?? ''}`
  const reason = domain === undefined ? 'domain-invalid' : (faultOfDomain(domain) ?? faultOfLength(address))
  return reason === undefined ? { kind: 'valid', address } : { kind: 'invalid', reason }
}

const ATOM = "[A-Za-z0-9#$&'*+/=?^_`{|}~-]+"
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const TOP_LABEL = '[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]'
const DOT_ATOM = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`)
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+${TOP_LABEL}$`)
const PLAIN_ADDRESS = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+${TOP_LABEL}$`)

const fitsLengths = (address: string) => faultOfLength(address) === undefined

function faultOfLength(address: string): AddressFault | undefined {
  if (address.indexOf('@') > 64) return 'local-part-too-long'
  return address.length > 254 ? 'address-too-long' : undefined
}

function faultOfText(text: string): AddressFault | undefined {
  if (text === '') return 'address-missing'
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)) return 'address-with-invisible-character'
  if (/[<>()"]/.test(text)) return 'address-with-name'
  if (/[,;]/.test(text)) return 'several-addresses'
  if (/\s/.test(text)) return 'address-with-space'
  const at = text.indexOf('@')
  if (at === -1) return 'address-without-at'
  if (text.includes('@', at + 1)) return 'several-addresses'
  if (at === 0) return 'address-without-local-part'
  if (at === text.length - 1) return 'address-without-domain'
  return faultOfLocalPart(text.slice(0, at))
}

function faultOfLocalPart(local: string): AddressFault | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  if (/[^\x00-\x7f]/.test(local)) return 'local-part-not-ascii'
  if (/[%!]/.test(local)) return 'local-part-with-route'
  return DOT_ATOM.test(local) ? undefined : 'local-part-invalid'
}

/** Characters with a meaning in URLs are refused before domainToASCII would decode them. */
function asciiDomain(domain: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  if (/^[\x00-\x7f]*$/.test(domain)) return domain.toLowerCase()
  return /^[A-Za-z0-9.\-\u0080-\u{10ffff}]+$/u.test(domain) ? domainToASCII(domain) || undefined : undefined
}

function faultOfDomain(domain: string): AddressFault | undefined {
  if (DOMAIN.test(domain)) return undefined
  if (/^\[.*\]$/.test(domain) || /(?:^|\.)\d+$/.test(domain)) return 'domain-numeric'
  return domain.includes('.') ? 'domain-invalid' : 'domain-without-dot'
}
