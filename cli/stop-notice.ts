import type { ReportAnswer } from './api-answers.ts'
import { commandLine } from './command-line.ts'
import { type Session, waysOn } from './commands.ts'
import { count, counted } from './figures.ts'
import { writeLeak } from './leak-text.ts'
import { patiently } from './patiently.ts'
import { writeStop } from './report-text.ts'

/** After a stop, senders finish the calls they are in and write down what became of them. */
const ACCOUNT_TAKES_MS = 5_000
const READ_INTERVAL_MS = 250

export async function stopNotice(session: Session, noticeId: string): Promise<void> {
  const { client, terminal, clock } = session
  const { messagesAtMost } = await patiently(clock, () => client.stop(noticeId))
  terminal.note(`Stopped: ${lastSecond(messagesAtMost)}`)
  const { pending, stop, leak } = await awaitAccount(session, noticeId)
  if (stop !== undefined) terminal.print(`At the stop ${writeStop(stop)}`)
  const left = `${counted(pending, 'recipient')} left.`
  if (leak !== undefined) terminal.note(terminal.paint('red', writeLeak(leak)))
  if (leak !== undefined) return terminal.print(`${left} ${waysOn(client.baseUrl, noticeId, leak)}`)
  terminal.print(`${left} To send to them:  ${commandLine(client.baseUrl, `resume ${noticeId}`)}`)
}

export async function stopEveryNotice({ client, terminal, clock }: Session): Promise<void> {
  const { notices, messagesAtMost } = await patiently(clock, () => client.stopAll())
  if (notices.length === 0) {
    terminal.print('No notice was being sent.')
    return
  }
  terminal.note(`Stopped ${counted(notices.length, 'notice')}: ${lastSecond(messagesAtMost)}`)
  for (const noticeId of notices) {
    terminal.print(`${noticeId}  to send the rest:  ${commandLine(client.baseUrl, `resume ${noticeId}`)}`)
  }
}

function lastSecond(messagesAtMost: number): string {
  return `no message goes to SES later than a second from now, and at most ${count(messagesAtMost)} until then.`
}

/** The report as it is once every sender has said what it did, or once that takes too long. */
async function awaitAccount({ client, clock }: Session, noticeId: string): Promise<ReportAnswer> {
  for (let waitedMs = 0; ; waitedMs += READ_INTERVAL_MS) {
    await clock.sleep(READ_INTERVAL_MS)
    const report = await patiently(clock, () => client.readReport(noticeId))
    if (report.stop?.batchesUnreported === 0 || waitedMs >= ACCOUNT_TAKES_MS) return report
  }
}
