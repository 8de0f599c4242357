import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import * as z from 'zod'
import { normaliseAddress } from './addresses-in-text.ts'
import type { ExpectedRecipient } from './message-inspection.ts'

const parsedRow = z.object({
  record: z.record(z.string(), z.string()),
  info: z.object({ lines: z.number(), error: z.unknown().optional() }),
})

/** The same person may be written in several ways; the first row counts. */
export type ExpectedRecipients = ReadonlyMap<string, ExpectedRecipient>

/**
 * Who should get the notice, read from the file that was uploaded, by rules of the audit's own: a row counts when it has as
 * many fields as the header, something that looks like an address, a language that exists, and no control characters. It shares no code with
 * what it is held against.
 */
export async function expectedRecipients(
  csvFile: string,
  locales: readonly string[],
  defaultLocale: string,
): Promise<ExpectedRecipients> {
  const parser = createReadStream(csvFile).pipe(
    parse({ bom: true, columns: true, info: true, trim: true, skip_records_with_error: true, raw: false }),
  )
  const recipients = new Map<string, ExpectedRecipient>()
  for await (const parsed of parser) {
    const { record, info } = parsedRow.parse(parsed)
    const { email = '', locale = '', ...variables } = record
    const address = normaliseAddress(email)
    const isReadable = !Object.values(variables).some(value => controlCharacter.test(value))
    if (!isReadable || !looksLikeAddress(address) || !looksLikeLocale(locale) || recipients.has(address)) continue
    recipients.set(address, { line: info.lines, locale: variantFor(locale, locales, defaultLocale), variables })
  }
  return recipients
}

const localPart = /^[a-z0-9#$&'*+/=?^_`{|}~-]+(\.[a-z0-9#$&'*+/=?^_`{|}~-]+)*$/
const domain = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/

function looksLikeAddress(address: string): boolean {
  const [local = '', host = '', ...more] = address.split('@')
  const labelsFit = host.split('.').every(label => label.length <= 63)
  const isShort = local.length <= 64 && address.length <= 254
  return more.length === 0 && isShort && labelsFit && localPart.test(local) && domain.test(host)
}

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/** Empty, or a tag whose language exists. */
function looksLikeLocale(locale: string): boolean {
  const language = /^([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*$/i.exec(locale)?.[1]
  return locale === '' || (language !== undefined && languageNames.of(language) !== undefined)
}

/** A name may have several lines, but no bell. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const controlCharacter = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/

/** A person reads their own language where the notice has it, whatever their country, and else the default. */
function variantFor(locale: string, locales: readonly string[], defaultLocale: string): string {
  const [language = ''] = locale.toLowerCase().split(/[-_]/)
  return locales.find(available => available.toLowerCase() === language) ?? defaultLocale
}
