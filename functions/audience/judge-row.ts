import { parseAddress } from '../recipient/address.ts'
import { parseLocale } from '../recipient/locale.ts'
import { type RefusedRow, type Row, refuseRow, VALUE_LENGTH_MAX } from './row.ts'

/** A row that is good by itself; only a duplicate can still refuse it. */
export interface JudgedRecipient {
  readonly kind: 'recipient'
  readonly address: string
  readonly locale: string | undefined
  readonly variables: Readonly<Record<string, string>>
}

/** Line feeds and tabs may stand in a value, as quoted fields have them; other controls and half characters may not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff]/u

/** Judges one row: a recipient, or the first reason against it. Line ends inside values become line feeds. */
export function judgeRow(row: Row): JudgedRecipient | RefusedRow {
  const { line, email, names, values } = row
  const parsed = parseAddress(email)
  if (parsed.kind === 'invalid') return refuseRow(line, 'email', parsed.reason, email)
  const locale = row.locale.trim() === '' ? undefined : parseLocale(row.locale)
  if (locale?.kind === 'invalid') return refuseRow(line, 'locale', locale.reason, row.locale)
  const variables: Record<string, string> = {}
  for (const [index, name] of names.entries()) {
    const value = normaliseLineEnds(values[index] ?? '')
    if (value.length > VALUE_LENGTH_MAX) return refuseRow(line, name, 'value-too-long', value)
    if (CONTROL.test(value)) return refuseRow(line, name, 'control-character', value)
    variables[name] = value
  }
  return { kind: 'recipient', address: parsed.address, locale: locale?.locale, variables }
}

function normaliseLineEnds(value: string): string {
  return value.includes('\r') ? value.replaceAll('\r\n', '\n') : value
}
