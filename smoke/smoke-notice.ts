import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import * as z from 'zod'
import type { ApiClient } from '../cli/api-client.ts'
import { openAudience } from '../cli/audience-reader.ts'
import { CommandFailure } from '../cli/command-failure.ts'
import type { WrittenNotice } from '../cli/notice-directory.ts'
import { type PreparedNotice, prepareNotice } from '../cli/send-notice.ts'
import type { Terminal } from '../cli/terminal.ts'
import type { Clock } from '../functions/runtime/clock.ts'
import { type SimulatorAddress, strangers, writeAudienceFile } from './simulator-audience.ts'

export interface SmokeSending {
  readonly client: ApiClient
  readonly terminal: Terminal
  readonly clock: Clock
}

/** What each recipient is told: the mailbox of the simulator, and that this is a test. */
export function smokeNotice(name: string, from: string | undefined): WrittenNotice {
  const said = 'this is a test of OnlyTo. It is for the mailbox simulator of SES and nobody else.'
  const variant = {
    subject: 'A test of OnlyTo for {{first_name}}',
    text: `Dear {{first_name}},\n\n${said}\n`,
    html: `<p>Dear {{first_name}},</p><p>${said}</p>`,
  }
  return {
    name,
    from: { name: 'OnlyTo', ...(from !== undefined && { address: from }) },
    defaultLocale: 'en',
    // A doubt is to be seen here, not mended.
    inDoubtPolicy: 'leave',
    content: { defaultLocale: 'en', variants: { en: variant } },
    named: [],
  }
}

/** A notice to these addresses, approved and ready to be started: nothing is sent yet. */
export async function prepareSmokeNotice(
  sending: SmokeSending,
  notice: WrittenNotice,
  addresses: readonly SimulatorAddress[],
): Promise<PreparedNotice> {
  const directory = await mkdtemp(path.join(tmpdir(), 'onlyto-smoke-'))
  try {
    const file = path.join(directory, 'simulator.csv')
    await writeFile(file, writeAudienceFile(addresses))
    refuseStrangers(await addressesInFile(file), 'The audience file')
    return await prepareNotice({ ...sending, terminal: silenced(sending.terminal) }, notice, file)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

const rows = z.array(z.object({ email: z.string() }))

async function addressesInFile(file: string): Promise<readonly string[]> {
  return rows.parse(parse(await readFile(file), { columns: true })).map(({ email }) => email)
}

/**
 * To whom the approved notice would go, from the bucket that it is sent from, each batch checked against the approved digest:
 * senders send to that digest and to nothing else.
 */
export async function approvedAddresses(
  client: ApiClient,
  { noticeId, audience }: PreparedNotice,
): Promise<readonly string[]> {
  const reader = await openAudience(client, noticeId)
  const batches = await reader.readBatches(Array.from({ length: audience.batches }, (_, batch) => batch))
  return [...batches.values()].flat().map(({ address }) => address)
}

export function refuseStrangers(addresses: readonly string[], where: string): void {
  const found = strangers(addresses)
  if (found === 0) return
  throw new CommandFailure(`${where} has ${found} addresses that are not of SES's mailbox simulator.`, [
    'Nothing was sent to them: a smoke test sends to the simulator alone.',
  ])
}

const silenced = (terminal: Terminal): Terminal => ({ ...terminal, print: () => {}, note: () => {} })
