import { createWriteStream, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import type { NewNotice } from '../../cli/notice-directory.ts'
import { generateCustomers } from '../../examples/generate-customers.ts'
import { addressReadings, normaliseAddress } from './addresses-in-text.ts'
import { expectedRecipients } from './expected-recipients.ts'
import { readsOnlyVariables } from './expected-words.ts'
import type { Expectation } from './message-inspection.ts'

export const exampleNotice = fileURLToPath(new URL('../../examples/index-change', import.meta.url))
const exampleCustomers = fileURLToPath(new URL('../../examples/customers.csv', import.meta.url))

/** Any seed does; the same one gives the same customers. */
const SEED = 1

/**
 * The example's customers, or as many generated ones as are asked for, in a file that is removed when the process ends,
 * however it ends.
 */
export async function provideAudienceFile(recipients: number | undefined): Promise<string> {
  if (recipients === undefined) return exampleCustomers
  const folder = await mkdtemp(path.join(tmpdir(), 'onlyto-customers-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'customers.csv')
  await pipeline(Readable.from(generateCustomers({ recipients, seed: SEED })), createWriteStream(file))
  return file
}

/** What the audit holds the wire against: the uploaded file and the notice as it was written, nothing that OnlyTo says. */
export async function expectFrom(audienceFile: string, notice: NewNotice, from: string): Promise<Expectation> {
  const { variants, defaultLocale } = notice.content
  const unreadable = Object.entries(variants).find(([, variant]) => !readsOnlyVariables(variant))
  if (unreadable !== undefined) {
    throw new Error(`The wire audit fills in plain variables only, and ${unreadable[0]}.md has more. Simplify it.`)
  }
  const own = [from, notice.replyTo ?? from].map(normaliseAddress)
  const written = Object.values(variants).flatMap(variant => Object.values(variant).flatMap(addressesWritten))
  return {
    recipients: await expectedRecipients(audienceFile, Object.keys(variants), defaultLocale),
    variants,
    noticeAddresses: new Set([...own, ...written]),
  }
}

function addressesWritten(template: string): string[] {
  return [...addressReadings(template)].flatMap(readings => [...readings])
}
