import { createHash } from 'node:crypto'
import { domainToUnicode } from 'node:url'
import { type Customer, inPunycode } from './customers.ts'

/** One way in which a customer's address could stand in a text. */
export interface AddressForm {
  readonly customer: Customer
  /** In words, for a finding. */
  readonly encoding: string
  readonly text: string
  /** Whether any case will do. */
  readonly anyCase: boolean
}

/** Lengths below would be found by chance. */
export const FORM_LENGTH_MIN = 10

/**
 * Every form that is looked for in a text as it stands. What can be undone in the text itself, such as percent-encoding, is
 * undone there (`readings`), so the forms are the plain ones, those in which letters lie otherwise, and the plain hashes.
 */
export function* formsOf(customer: Customer): Generator<AddressForm> {
  const { address, local } = customer
  const anyCase = (encoding: string, text: string) => ({ customer, encoding, text: text.toLowerCase(), anyCase: true })
  const exact = (encoding: string, text: string) => ({ customer, encoding, text, anyCase: false })
  yield anyCase('plain, the part before the @', local)
  for (const written of spellings(address)) {
    yield anyCase('plain', written)
    for (const [name, digest] of digests(written)) yield* hashForms(name, digest, anyCase, exact)
  }
  for (const written of new Set([...spellings(address), ...spellings(local)])) {
    for (const [name, bytes] of encodings(written)) {
      for (const base of ['base64', 'base64url'] as const) {
        for (const text of innerBase64(bytes, base)) yield exact(`${base} of ${name}`, text)
      }
      yield anyCase(`hex of ${name}`, bytes.toString('hex'))
      yield anyCase(`bytes of ${name}, in hex with spaces`, [...bytes].map(hexOf).join(' '))
      yield exact(`bytes of ${name}, as a list`, [...bytes].join(','))
    }
  }
}

/** As uploaded, as normalised, and in between. */
function spellings(text: string): readonly string[] {
  const at = text.lastIndexOf('@')
  const domain = text.slice(at + 1)
  const unicode = at === -1 ? text : `${text.slice(0, at)}@${domainToUnicode(domain) || domain}`
  const written = at === -1 ? [text] : [text, inPunycode(text), unicode]
  return [...new Set(written.flatMap(one => [one, one.toLowerCase(), one.toUpperCase()]))]
}

function* encodings(text: string): Generator<readonly [string, Buffer]> {
  const utf16 = Buffer.from(text, 'utf16le')
  yield ['UTF-8', Buffer.from(text)]
  yield ['UTF-16LE', utf16]
  yield ['UTF-16BE', Buffer.from(utf16).swap16()]
}

/** The characters that depend on nothing but these bytes, wherever among others they lie. */
function innerBase64(bytes: Buffer, base: 'base64' | 'base64url'): readonly string[] {
  return [0, 1, 2].map(before => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url')
    const from = Math.ceil((before * 8) / 6)
    const to = Math.floor(((before + bytes.length) * 8) / 6)
    const inner = whole.slice(from, to)
    return base === 'base64url' ? inner : inner.replaceAll('-', '+').replaceAll('_', '/')
  })
}

const HASHES = ['md5', 'sha1', 'sha256', 'sha512'] as const
/** The shortest that a hash is cut to: 16 bytes. In base64 the last character of a cut one depends on where it was cut. */
const CUT_HEX = 32
const CUT_BASE64 = 21

function* digests(text: string): Generator<readonly [string, Buffer]> {
  for (const name of HASHES) yield [name, createHash(name).update(text).digest()]
}

type Form = (encoding: string, text: string) => AddressForm

function* hashForms(name: string, digest: Buffer, anyCase: Form, exact: Form): Generator<AddressForm> {
  yield anyCase(`${name} in hex`, digest.toString('hex').slice(0, CUT_HEX))
  yield exact(`${name} in base64`, digest.toString('base64').slice(0, CUT_BASE64))
  yield exact(`${name} in base64url`, digest.toString('base64url').slice(0, CUT_BASE64))
}

const hexOf = (byte: number) => byte.toString(16).padStart(2, '0')
