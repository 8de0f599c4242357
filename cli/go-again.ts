import type { LeakAnswer } from './api-answers.ts'
import { CommandFailure } from './command-failure.ts'
import { commandLine } from './command-line.ts'
import { type Session, warn } from './commands.ts'
import { counted } from './figures.ts'
import { writeLeak, writeRejections } from './leak-text.ts'
import { type AfterLeak, afterLeakOf, type PaceOptions, paceOf } from './pace-options.ts'

type GoOptions = PaceOptions & AfterLeak

/** Sends the rest of a stopped notice. Of a refusal by the leak guard it asks, if somebody is there, before it goes on. */
export async function resumeNotice(session: Session, noticeId: string, options: GoOptions): Promise<void> {
  const { client, terminal } = session
  // Exact while the notice is stopped; from the resumption on it is a cache that lags.
  const { pending, leak } = await client.readStatus(noticeId)
  const word = await wordOf(session, noticeId, { options, leak })
  const { warnings } = await client.resume(noticeId, { ...paceOf(options), ...word })
  warn(terminal, warnings)
  const watch = commandLine(client.baseUrl, `watch ${noticeId}`)
  terminal.print(`Resumed, with ${counted(pending, 'recipient')} left. To follow it:  ${watch}`)
}

/** Sends again, and only, to those who failed for a reason that may have passed; and to those rejected, if asked to. */
export async function retryNotice(session: Session, noticeId: string, options: GoOptions): Promise<void> {
  const { client, terminal } = session
  const asks = options.afterLeak === undefined && terminal.canAsk
  const { leak } = asks ? await client.readStatus(noticeId) : {}
  const word = await wordOf(session, noticeId, { options, leak })
  const { recipients, warnings } = await client.retry(noticeId, { ...paceOf(options), ...word })
  warn(terminal, warnings)
  const watch = commandLine(client.baseUrl, `watch ${noticeId}`)
  terminal.print(`Sending again to ${counted(recipients, 'recipient')}. To follow it:  ${watch}`)
}

/** What is said of a refusal: on the command line, or when asked. Where nobody can be asked, the API refuses and says why. */
async function wordOf(
  { client, terminal }: Session,
  noticeId: string,
  { options, leak }: { options: GoOptions; leak: LeakAnswer | undefined },
): Promise<AfterLeak> {
  const said = afterLeakOf(options)
  const needed = leak !== undefined || options.rejected === true
  if (!needed || options.afterLeak !== undefined || !terminal.canAsk) return said
  const { leakGuard } = await client.readReport(noticeId)
  const shown = [...(leak === undefined ? [] : [writeLeak(leak)]), ...writeRejections(leakGuard)]
  terminal.note(terminal.paint('red', shown.join('\n\n')))
  const cause = (await terminal.ask('\nWhat was the cause, and how was it mended? (Enter leaves it as it is) ')).trim()
  if (cause === '') {
    throw new CommandFailure('Nothing was said of the refusal. Nothing was sent.', [
      `To see whose messages it were:  ${commandLine(client.baseUrl, `who ${noticeId} --fate rejected`)}`,
    ])
  }
  return { ...said, afterLeak: cause }
}
