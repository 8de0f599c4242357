import PostalMime, { type Address, decodeWords, type Email } from 'postal-mime'
import type { Content, Variant } from '../../functions/notice/content.ts'
import { addressReadings, normaliseAddress } from './addresses-in-text.ts'
import { decodeEntities, fillIn, normaliseLines } from './expected-words.ts'

/** An e-mail as its recipient's server received it. */
export interface WireMessage {
  readonly messageId: string
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly mime: Uint8Array
}

/** Who should get the notice, and in which of its locales. */
export interface ExpectedRecipient {
  readonly line: number
  readonly locale: string
  readonly variables: Readonly<Record<string, string>>
}

export interface Expectation {
  /** By normalised address. */
  readonly recipients: ReadonlyMap<string, ExpectedRecipient>
  readonly variants: Content['variants']
  /** Normalised addresses that the notice itself shows to everybody: its sender, its reply address, those in its templates. */
  readonly noticeAddresses: ReadonlySet<string>
}

export type Fault = 'unreadable' | 'severalRecipients' | 'copies' | 'foreignAddresses' | 'wrongRecipient'

export interface FoundFault {
  readonly fault: Fault
  /** In words, without an address: it may be printed. */
  readonly detail: string
  readonly count: number
}

export interface Inspection {
  /** Normalised envelope address, if there is exactly one. */
  readonly recipient: string | undefined
  readonly faults: readonly FoundFault[]
}

type Report = (fault: Fault, detail: string, count?: number) => void

const copyHeaders = new Set(['cc', 'bcc', 'resent-to', 'resent-cc', 'resent-bcc', 'apparently-to', 'x-original-to'])

/** Looks at one message as its recipient could. */
export async function inspectMessage(message: WireMessage, expectation: Expectation): Promise<Inspection> {
  const [first, ...others] = message.envelope.to
  const recipient = first !== undefined && others.length === 0 ? normaliseAddress(first) : undefined
  const faults: FoundFault[] = []
  const report: Report = (fault, detail, count = 1) => faults.push({ fault, detail, count })
  if (recipient === undefined) report('severalRecipients', `its envelope has ${message.envelope.to.length} recipients`)
  const email = await parse(message.mime)
  if (email === undefined) {
    report('unreadable', 'it cannot be parsed as MIME')
    return { recipient, faults }
  }
  inspectHeaders(email, recipient, report)
  const foreign = countForeignAddresses(message, email, expectation.noticeAddresses, recipient)
  if (foreign > 0) report('foreignAddresses', `it shows ${foreign} addresses that are not its recipient's`, foreign)
  if (recipient !== undefined) {
    const mistake = mistakenWords(email, expectation, expectation.recipients.get(recipient))
    if (mistake !== undefined) report('wrongRecipient', mistake)
  }
  return { recipient, faults }
}

async function parse(mime: Uint8Array): Promise<Email | undefined> {
  try {
    return await PostalMime.parse(mime)
  } catch {
    return undefined
  }
}

function inspectHeaders(email: Email, recipient: string | undefined, report: Report) {
  const to = mailboxes(email.to)
  const toHeaders = email.headers.filter(({ key }) => key === 'to').length
  if (to.length !== 1 || toHeaders !== 1) {
    report('severalRecipients', `it has ${toHeaders} To headers with ${to.length} addresses`)
  } else if (recipient !== undefined && to[0] !== recipient) {
    report('wrongRecipient', 'its To header is not its envelope recipient')
  }
  const copies = email.headers.filter(({ key }) => copyHeaders.has(key))
  if (copies.length > 0)
    report('copies', `it has the header ${copies.map(({ originalKey }) => originalKey).join(', ')}`)
}

function mailboxes(addresses: readonly Address[] | undefined): string[] {
  return (addresses ?? [])
    .flatMap(entry => entry.group ?? [entry])
    .map(({ address }) => normaliseAddress(address ?? ''))
}

/** Counts the different addresses, anywhere in the message, that are neither the recipient's nor the notice's own. */
function countForeignAddresses(
  message: WireMessage,
  email: Email,
  noticeAddresses: ReadonlySet<string>,
  recipient: string | undefined,
): number {
  const isItsOwnId = (reading: string) => reading.startsWith(`${message.messageId.toLowerCase()}@`)
  const isAllowed = (reading: string) => reading === recipient || noticeAddresses.has(reading) || isItsOwnId(reading)
  const foreign = new Set<string>()
  for (const text of visibleTexts(message, email)) {
    for (const readings of addressReadings(text)) {
      const [first = ''] = readings
      if (![...readings].some(isAllowed)) foreign.add(first)
    }
  }
  return foreign.size
}

/** Everything that a mail program could show, and the raw message, in which headers of parts and comments are. */
function visibleTexts(message: WireMessage, email: Email): string[] {
  const html = email.html ?? ''
  return [
    ...email.headers.map(({ value }) => decodeWords(value)),
    email.subject ?? '',
    email.text ?? '',
    html,
    decodeEntities(html),
    ...email.attachments.map(({ content, filename }) => `${filename ?? ''} ${attachedText(content)}`),
    decodeQuotedPrintable(message.mime),
  ]
}

function attachedText(content: ArrayBuffer | Uint8Array | string): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content)
}

function decodeQuotedPrintable(mime: Uint8Array): string {
  const bytes = Buffer.from(mime)
    .toString('latin1')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** What is wrong with the words of a message, given whose it is: they must be this person's, in this person's locale. */
function mistakenWords(
  email: Email,
  { variants }: Expectation,
  expected: ExpectedRecipient | undefined,
): string | undefined {
  if (expected === undefined) return 'its recipient is not in the audience'
  const { locale, variables, line } = expected
  const own = variants[locale]
  const differs = own === undefined ? ['locale'] : differences(email, own, variables)
  if (differs.length === 0) return undefined
  const isOtherLocale = (other: string, variant: Variant) =>
    other !== locale && differences(email, variant, variables).length === 0
  const inLocale = Object.entries(variants).find(([other, variant]) => isOtherLocale(other, variant))?.[0]
  return inLocale === undefined
    ? `its ${differs.join(', ')} ${differs.length === 1 ? 'is' : 'are'} not what row ${line} should read`
    : `it is in "${inLocale}", but row ${line} should read "${locale}"`
}

function differences(email: Email, variant: Variant, variables: ExpectedRecipient['variables']): string[] {
  const read = { subject: email.subject ?? '', text: email.text ?? '', html: decodeEntities(email.html ?? '') }
  const own = { subject: variant.subject, text: variant.text, html: decodeEntities(variant.html) }
  const fields = ['subject', 'text', 'html'] as const
  return fields.filter(field => normaliseLines(read[field]) !== normaliseLines(fillIn(own[field], variables)))
}
