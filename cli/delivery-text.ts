import { stringify } from 'csv-stringify/sync'
import { fateKinds } from '../functions/ledger/delivery-states.ts'
import type { DeliveryAnswer, TimelineEntry } from './delivery-answers.ts'
import { instant } from './figures.ts'
import type { NamedDelivery } from './named-deliveries.ts'
import { entry } from './notice-text.ts'

type Fate = DeliveryAnswer['fate']

/** Fates as one types them. */
export const fateWords: Readonly<Record<Fate, string>> = {
  pending: 'pending',
  accepted: 'accepted',
  rejected: 'rejected',
  failed: 'failed',
  suppressed: 'suppressed',
  inDoubt: 'in-doubt',
}

export function fateOfWord(word: string): Fate | undefined {
  return fateKinds.find(kind => fateWords[kind] === word || kind === word)
}

const ADDRESS_WIDTH = 36
const FATE_WIDTH = 10
const TIME_WIDTH = 23

/** A line a recipient: address, fate, when, and what more there is to say. */
export function writeLines(deliveries: readonly NamedDelivery[]): string {
  return deliveries.map(delivery => `${writeLine(delivery)}\n`).join('')
}

function writeLine(delivery: NamedDelivery): string {
  const at = delivery.at === undefined ? '' : `${instant(delivery.at).slice(0, 19)} UTC`
  const { address, fate } = delivery
  const columns = [address.padEnd(ADDRESS_WIDTH), fateWords[fate].padEnd(FATE_WIDTH), at.padEnd(TIME_WIDTH)]
  return [...columns, remarksOn(delivery).join('; ')].join('  ').trimEnd()
}

function remarksOn({ reason, reached, detail, sentAgain, fate }: DeliveryAnswer): string[] {
  const further =
    fate === 'accepted' && reached !== undefined ? [`${reached}${detail === undefined ? '' : `: ${detail}`}`] : []
  return [...(reason === undefined ? [] : [reason]), ...further, ...(sentAgain ? ['sent again'] : [])]
}

const columns = [
  ...['address', 'locale', 'fate', 'reason', 'time', 'attempts', 'sentAgain', 'reached', 'detail', 'messageIds'],
] as const

/** CSV, of which no cell begins as a spreadsheet's formula does: such a cell gets an apostrophe in front. */
export function writeCsv(deliveries: readonly NamedDelivery[], options: { header: boolean }): string {
  const rows = deliveries.map(({ address, locale, fate, reason, at, attempts, sentAgain, ...rest }) => [
    ...[address, locale, fateWords[fate], reason, at, attempts, sentAgain ? 'yes' : ''],
    ...[rest.reached, rest.detail, rest.messageIds.join(' ')],
  ])
  return stringify(rows, { ...options, columns: [...columns], escape_formulas: true })
}

export function writeLookUp(delivery: DeliveryAnswer, timeline: readonly TimelineEntry[]): string {
  const { fate, at, attempts, batch, recipientKey } = delivery
  const what = timeline.map(({ at: time, attempt, what: fact, reason, messageId }) =>
    [instant(time).padEnd(27), `attempt ${attempt}`, fact.padEnd(9), reason, messageId]
      .filter(part => part !== undefined)
      .join('  '),
  )
  return [
    entry('Fate', [fateWords[fate], ...remarksOn(delivery)].join('; ')),
    ...(at === undefined ? [] : [entry('Since', instant(at))]),
    entry('Attempts', String(attempts)),
    entry('Batch', String(batch)),
    entry('Recipient key', recipientKey),
    ...(what.length === 0 ? [] : [entry('Timeline', ...what)]),
  ].join('\n')
}
