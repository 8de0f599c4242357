import type { ExitCode, Session } from './commands.ts'
import { writeCsv, writeLines, writeLookUp } from './delivery-text.ts'
import { counted } from './figures.ts'
import { type DeliveryQuery, type NamedDelivery, nameDeliveries } from './named-deliveries.ts'
import { checkNewFile, writeToFile, writeToTerminal } from './row-output.ts'

export interface WhoOptions {
  readonly query: DeliveryQuery
  readonly csv: boolean
  readonly out: string | undefined
}

/** Lists recipients by name, as they come: however many there are, a few pages of them are in memory. */
export async function listWho(session: Session, noticeId: string, { query, csv, out }: WhoOptions): Promise<ExitCode> {
  const { terminal } = session
  if (out !== undefined) await checkNewFile(out)
  let listed = 0
  async function* texts(): AsyncGenerator<string> {
    const pages: AsyncIterable<readonly NamedDelivery[]> = nameDeliveries(session, noticeId, query)
    if (csv) yield writeCsv([], { header: true })
    for await (const page of pages) {
      if (page.length > 0) yield csv ? writeCsv(page, { header: false }) : writeLines(page)
      listed += page.length
    }
  }
  const written =
    out === undefined ? await writeToTerminal(terminal, texts()) : await writeToFile(terminal, out, texts())
  if (written === 'interrupted') {
    terminal.note(`Broken off: ${out} was not written.`)
    return 130
  }
  terminal.note(`${counted(listed, 'recipient')}${out === undefined ? '' : ` in ${out}`}.`)
  return 0
}

export async function lookUpAddress({ client, terminal }: Session, noticeId: string, address: string): Promise<void> {
  let result = await client.lookUp(noticeId, address)
  while (!result.found && result.next !== undefined) result = await client.lookUp(noticeId, address, result.next)
  terminal.print(
    result.found
      ? writeLookUp(result.delivery, result.timeline)
      : `This address is not among the recipients of ${noticeId}.`,
  )
}
