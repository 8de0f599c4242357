import { domainToASCII } from 'node:url'
import type { Sighting } from './address-finder.ts'
import { BREAK, JOINT } from './html-text.ts'

/** An address in one spelling: lower case, the domain in Punycode, quotes only where they are needed. */
export interface Address {
  readonly local: string
  readonly domain: string
}

const MARKS = new RegExp(`[${JOINT}${BREAK}]`, 'g')
const DOTS = /[\u3002\u06d4\u0701\u0702\ua4f8]/g
/** Signs after which a name with an @ is a handle: `https://social.example/@jane.doe`, `?by=@jane.doe`. */
const BEFORE_A_HANDLE = /[/={}?&]$/
/** `logo@2x.png` */
const PICTURE_SCALE = /^\dx\.(?:png|jpe?g|gif|webp|avif|svg)$/
/** Begins with a letter, as a top-level domain does and the last part of a version does not. */
const TOP_LEVEL_DOMAIN = /\.[^\d.-][^.]+$/u

/** The address that a sighting is, or undefined when it is none: a handle, a version, a picture's name, a host without a dot. */
export function addressOf(sighting: Sighting): Address | undefined {
  const local = normalLocal(sighting.local)
  const domain = normalDomain(sighting.domain)
  if (domain === '' || BEFORE_A_HANDLE.test(local) || !/["\p{L}\p{N}]/u.test(local)) return undefined
  if (!sighting.named && !isHost(shownDomain(sighting.domain).replace(/[._-]+$/, ''))) return undefined
  return { local, domain }
}

export function normalLocal(local: string): string {
  const bare = local.replace(MARKS, '').toLowerCase()
  if (!bare.includes('"')) return bare.replace(/^\.+/, '')
  const content = bare.slice(1, -1).replace(/\\(.)/g, '$1').trim()
  return /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+$/.test(content) ? content : `"${content}"`
}

export function normalDomain(domain: string): string {
  const bare = domain
    .replace(MARKS, '')
    .replace(DOTS, '.')
    .replace(/[._-]+$/, '')
    .toLowerCase()
  return /[^\x20-\x7e]/.test(bare) ? domainToASCII(bare) || bare : bare
}

export function shownDomain(domain: string): string {
  return domainText(domain).replace(DOTS, '.').toLowerCase()
}

export function domainText(domain: string): string {
  return domain.replace(MARKS, '')
}

/** Ends like a domain; or is an address of the network. */
function isHost(domain: string): boolean {
  return domain.startsWith('[') || (TOP_LEVEL_DOMAIN.test(domain) && !PICTURE_SCALE.test(domain))
}
