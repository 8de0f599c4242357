import { once } from 'node:events'
import { domainToASCII, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { communities, domains } from './customer-names.ts'

/** What `customers.csv` is made with: 4,935 recipients, 40 bad rows and 25 duplicates are 5,000 rows. */
export const exampleCustomers = { recipients: 4935, seed: 20191101 } as const

const BAD_ROWS_SHARE = 40 / 4935
const DUPLICATES_SHARE = 25 / 4935

interface Customer {
  readonly local: string
  readonly domain: string
  readonly locale: string
  readonly cells: readonly string[]
}

export interface CustomersOptions {
  /** Valid, distinct recipients; bad rows and duplicates come on top. */
  readonly recipients: number
  readonly seed: number
}

/**
 * The lines of a CSV file of invented customers, with its header. The same options always give the same lines, and each
 * customer is a function of the seed and its number, so that a file of millions takes no memory.
 */
export function* generateCustomers({ recipients, seed }: CustomersOptions): Generator<string> {
  yield 'email,locale,first_name,last_name,account_id,city\n'
  for (let number = 0; number < recipients; number++) {
    const customer = customerOf(number, seed)
    yield row(`${customer.local}@${customer.domain}`, customer.locale, ...customer.cells)
    if (isDue(number, DUPLICATES_SHARE)) yield duplicateOf(customerOf(number >> 1, seed), number)
    if (isDue(number, BAD_ROWS_SHARE)) yield badRow(customerOf(number, ~seed), Math.round(number * BAD_ROWS_SHARE))
  }
}

/** Spreads round(recipients × share) rows evenly over the file. */
function isDue(number: number, share: number): boolean {
  return Math.round((number + 1) * share) > Math.round(number * share)
}

function customerOf(number: number, seed: number): Customer {
  const random = mulberry32(seed ^ Math.imul(number + 1, 0x9e3779b1))
  const pick = <T>(list: readonly T[], index = Math.floor(random() * list.length)): T => {
    const picked = list[index]
    if (picked === undefined) throw new RangeError(`No item ${index}`)
    return picked
  }
  const addresses = domains.length * 144 * communities.length
  // A permutation of 0 … addresses - 1, as that is 2^8 · 3^4: every address comes once before a number is appended.
  const address = (822 * (number % addresses) ** 2 + 12_815 * number + (seed >>> 0)) % addresses
  const round = Math.floor(number / addresses)
  const pair = Math.floor(address / domains.length) % 144
  const community = pick(communities, Math.floor(address / domains.length / 144))
  const [givenName, given] = pick(community.givenNames, pair % 12)
  const [familyName, family] = pick(community.familyNames, Math.floor(pair / 12))
  const tag = random() < 0.04 ? '+accounts' : ''
  const local = `${given}${pick(['.', '.', '.', '_'])}${family}${round || ''}${tag}`
  const accountId = `AC-${String(1_000_000 + number)}`
  return {
    local: random() < 0.03 ? local.replace(/^./, first => first.toUpperCase()) : local,
    domain: pick(domains, address % domains.length),
    locale: pick(community.locales),
    cells: [givenName, familyName, accountId, pick(community.cities)],
  }
}

/** The same person again, as people type themselves a second time. */
function duplicateOf({ local, domain, locale, cells }: Customer, number: number): string {
  const ascii = domainToASCII(domain)
  const variants = [`${local}@${domain}`.toUpperCase(), ` ${local}@${ascii} `, `${local}@${ascii}`]
  return row(variants[number % variants.length] ?? '', locale, ...cells)
}

/** One row that must be refused, of each kind in turn. */
function badRow({ local, domain, locale, cells }: Customer, index: number): string {
  const address = `${local}@${domain}`
  const [first = '', last = ''] = cells
  const rows = [
    () => row(`${local}.${domain}`, locale, ...cells),
    () => row(`${local.replace(/[._]/, ' ')}@${domain}`, locale, ...cells),
    () => row(`${address},${local}.home@${domain}`, locale, ...cells),
    () => row(address, 'xx', ...cells),
    () => row(address, locale, first),
    () => row(`${address}; ${local}.home@${domain}`, locale, ...cells),
    () => row(`${first} ${last} <${address}>`, locale, ...cells),
    () => row(`${local}@`, locale, ...cells),
    () => row('', locale, ...cells),
    () => row(`${local.replace(/[._]/, '..')}@${domain}`, locale, ...cells),
    () => row(address, 'the usual one', ...cells),
    () => row(address, locale, ...cells, 'former customer'),
    () => row(`${local}@localhost`, locale, ...cells),
    () => row(`é${address}`, locale, ...cells),
    () => row(address, locale, `${first}\u0007`, ...cells.slice(1)),
    () => row(`${local}@192.0.2.${index % 256}`, locale, ...cells),
  ]
  return rows[index % rows.length]?.() ?? ''
}

function row(...cells: readonly string[]): string {
  return `${cells.map(cell => (/[",\n]|^ | $/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`
}

/** Numbers in [0, 1) from a seed, by Tommy Ettinger's mulberry32 (public domain). */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `node examples/generate-customers.ts [--recipients N] [--seed S] > customers.csv` */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { recipients: { type: 'string' }, seed: { type: 'string' } } })
  const recipients = Number(values.recipients ?? exampleCustomers.recipients)
  const seed = Number(values.seed ?? exampleCustomers.seed)
  if (!Number.isInteger(recipients) || recipients < 1)
    throw new TypeError('--recipients must be a whole number from 1 on')
  if (!Number.isInteger(seed)) throw new TypeError('--seed must be a whole number')
  for (const line of generateCustomers({ recipients, seed })) {
    if (!process.stdout.write(line)) await once(process.stdout, 'drain')
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main()
