import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { customer, inPunycode } from './customers.ts'
import { FormFinder } from './find-forms.ts'

const customers = Array.from({ length: 300 }, (_, number) => customer(number))
const finder = new FormFinder(customers)
/** An apostrophe, a plus, upper case, and domains in Unicode and Punycode are among them. */
const samples = customers.slice(0, 36)

const percent = (text: string) => [...Buffer.from(text)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
const escaped = (text: string) => text.replace(/./g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
const hash = (name: string, text: string) => createHash(name).update(text).digest()

/** Everything that somebody could do to an address on its way into a log or a table. */
const disguises: Readonly<Record<string, (address: string) => string>> = {
  'as uploaded': address => address,
  'in lower case': address => address.toLowerCase(),
  'in upper case': address => address.toUpperCase(),
  'with its domain in Punycode': inPunycode,
  'without its domain': address => address.slice(0, address.lastIndexOf('@')),
  'percent-encoded as in a URL': encodeURIComponent,
  'percent-encoded twice': address => encodeURIComponent(encodeURIComponent(address)),
  'percent-encoded throughout': percent,
  'with every character an entity': address => address.replace(/./gu, char => `&#${char.codePointAt(0)};`),
  'with every character an entity in hex': address =>
    address.replace(/./gu, char => `&#x${char.codePointAt(0)?.toString(16)};`),
  'with entities by name': address => address.replaceAll('@', '&commat;').replaceAll('.', '&period;'),
  'escaped in JSON': escaped,
  'escaped in JSON within JSON': address => JSON.stringify(JSON.stringify({ to: escaped(address) })),
  'percent-encoded within JSON within entities': address =>
    JSON.stringify({ to: encodeURIComponent(address) }).replaceAll('%', '&#37;'),
  'in wide characters': address => address.replace('@', '\uff20'),
  'in UTF-16, read as bytes': address => Buffer.from(address, 'utf16le').toString('latin1'),
  'in hex': address => Buffer.from(address).toString('hex'),
  'in hex, upper case': address => Buffer.from(address).toString('hex').toUpperCase(),
  'in hex of UTF-16': address => Buffer.from(address, 'utf16le').toString('hex'),
  'as a printed buffer': address =>
    `<Buffer ${Buffer.from(address)
      .toString('hex')
      .replace(/..(?=.)/g, '$& ')}>`,
  'as a buffer in JSON': address => JSON.stringify(Buffer.from(address)),
  'in base64': address => Buffer.from(address).toString('base64'),
  'in base64 after one byte': address => Buffer.from(`<${address}>`).toString('base64'),
  'in base64 after two bytes': address => Buffer.from(`a:${address}.`).toString('base64'),
  'in base64url within JSON': address => Buffer.from(JSON.stringify({ from: { address } })).toString('base64url'),
  'in base64 of UTF-16': address => Buffer.from(`\ufeff${address}`, 'utf16le').toString('base64'),
  ...Object.fromEntries(
    ['md5', 'sha1', 'sha256', 'sha512'].flatMap(name => [
      [`as ${name}`, (address: string) => hash(name, address).toString('hex')],
      [`as ${name} of it normalised, 16 bytes of it in base64url`, cut(name, 'base64url')],
      [`as ${name} of it normalised, 16 bytes of it in base64`, cut(name, 'base64')],
      [`as ${name} of it normalised, 16 bytes of it in hex`, cut(name, 'hex')],
    ]),
  ),
}

function cut(name: string, encoding: 'hex' | 'base64' | 'base64url') {
  return (address: string) => hash(name, inPunycode(address).toLowerCase()).subarray(0, 16).toString(encoding)
}

const around = (text: string) => `{"level":"INFO","message":"x","who":"${text}","timestamp":"2026-11-20T13:00:00.000Z"}`

describe('An address is found', () => {
  it.each(Object.entries(disguises))('%s', (_, disguise) => {
    for (const sample of samples) {
      const found = [...finder.find(around(disguise(sample.address)))]
      expect(found.map(form => form.customer)).toContain(sample)
    }
  })

  it('at the very beginning and the very end of a text', () => {
    const [first, last] = [customer(4), customer(5)]
    const found = [...finder.find(`${first.address} ${last.address}`)].map(form => form.customer.address)
    expect(found).toEqual(expect.arrayContaining([first.address, last.address]))
  })
})

describe('Nobody is found', () => {
  it('in texts that name nobody', () => {
    const id = (number: number) => hash('sha256', String(number)).toString('base64url')
    const text = Array.from({ length: 20_000 }, (_, number) => around(id(number))).join('\n')
    expect(finder.find(`${text} support@northgate.example`).size).toBe(0)
  })

  it('among customers whose number is another', () => {
    expect(finder.find(around(customer(5_000).address)).size).toBe(0)
  })
})
