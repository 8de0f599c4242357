import { domainToASCII } from 'node:url'

/** Somebody whose address must be nowhere: as the uploaded file gives it, and the part of it that names nobody else. */
export interface Customer {
  readonly address: string
  /** Before the @: in no other text by chance. */
  readonly local: string
}

export interface Upload {
  readonly text: string
  /** Those whose rows become recipients. */
  readonly recipients: readonly Customer[]
  /** Those whose rows are refused: whoever typed them meant somebody. */
  readonly refused: readonly Customer[]
  /** What else the rows of recipients say of them, but for the first, whom a preview shows. */
  readonly values: readonly string[]
}

const domains = [
  'example.com',
  'example.net',
  'mail.example.org',
  'münchen.example',
  '例え.test',
  'xn--bcher-kva.example',
]
const given = ['maribel', 'odalys', 'thibault', 'xiomara', 'yevgenia', 'zbigniew', 'aoife', 'quirine']

/** What makes one in a hundred of the addresses awkward, as the addresses of customers are. */
const shapes: readonly ((name: string, mark: string) => string)[] = [
  (name, mark) => `${name}.${mark}`,
  (name, mark) => `${name}+orders.${mark}`,
  (name, mark) => `o'${name}.${mark}`,
  (name, mark) => `${name.toUpperCase()}.${mark}`,
  (name, mark) => `${name}_${mark}`,
  (name, mark) => `${name.replace(/^./, first => first.toUpperCase())}&co.${mark}`,
]

/** The customer of this number, always the same and like no other. */
export function customer(number: number): Customer {
  const mark = markOf(number)
  const local = pick(shapes, number)(`${pick(given, Math.floor(number / 7))}vansteen`, mark)
  return { local, address: `${local}@${pick(domains, Math.floor(number / 3))}` }
}

/** The first name of the customer of this number, in no other text by chance. */
export const nameOf = (number: number) => `Zdeňka-${markOf(number)}-Löwe`

const markOf = (number: number) => `${(7_919 * (number + 1)).toString(36)}q${number}`

const pick = <T>(list: readonly T[], index: number): T => {
  const picked = list[index % list.length]
  if (picked === undefined) throw new RangeError(`No item ${index}`)
  return picked
}

/** A row that must be refused, of each kind in turn. */
const badRows: readonly ((customer: Customer, other: Customer) => readonly string[])[] = [
  ({ local }) => [`${local}.example.com`, 'en', 'Name', 'AC-1'],
  ({ local }) => [`${local} @example.com`, 'en', 'Name', 'AC-1'],
  ({ address }, other) => [`${address},${other.address}`, 'en', 'Name', 'AC-1'],
  ({ address }, other) => [`${address}; ${other.address}`, 'en', 'Name', 'AC-1'],
  ({ address }) => [`Someone <${address}>`, 'en', 'Name', 'AC-1'],
  ({ address }) => ['', address, 'Name', 'AC-1'],
  ({ address }) => [address, address, 'Name', 'AC-1'],
  ({ address }) => [address, 'en'],
  ({ address }) => [address, 'en', `Name\u0007`, 'AC-1'],
  ({ local }) => [`${local}@localhost`, 'en', 'Name', 'AC-1'],
  ({ local }) => [`${local}@192.0.2.7`, 'en', 'Name', 'AC-1'],
  ({ local }) => [`"${local}"@example.com`, 'en', 'Name', 'AC-1'],
  ({ address }) => [`mailto:%22${address}%22`, 'en', 'Name', 'AC-1'],
]

/** A CSV file of `size` recipients, with refused rows and repeated addresses among them. Variables come from `variable`. */
export function uploadOf(first: number, size: number, variable = nameOf): Upload {
  const recipients = Array.from({ length: size }, (_, index) => customer(first + index))
  const refused = badRows.flatMap((_, index) => [customer(5_000 + first + index), customer(6_000 + first + index)])
  const rows = recipients.map(({ address }, index) => [address, 'en', variable(first + index), `AC-${first + index}`])
  const bad = badRows.map((row, index) => row(pick(refused, 2 * index), pick(refused, 2 * index + 1)))
  const again = recipients.slice(0, 5).map(({ address }) => [inPunycode(address).toUpperCase(), 'en', 'Ana', 'AC-2'])
  const lines = [['email', 'locale', 'first_name', 'account'], ...rows, ...bad, ...again]
  return {
    text: `${lines.map(line => line.map(quoted).join(',')).join('\n')}\n`,
    recipients,
    refused,
    values: rows.slice(1).flatMap(row => row.slice(2, 3)),
  }
}

export function inPunycode(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  return `${address.slice(0, at)}@${domainToASCII(domain) || domain}`
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
