import type { LeakAnswer } from './api-answers.ts'
import { CommandFailure } from './command-failure.ts'
import { commandLine } from './command-line.ts'
import { tellEstimate } from './estimate.ts'
import { counted } from './figures.ts'
import { writeHistory } from './history-text.ts'
import { CAUSE } from './leak-text.ts'
import { explainStop } from './notice-text.ts'
import { type PaceOptions, paceOf, paceWords } from './pace-options.ts'
import { writeSharing } from './pace-text.ts'
import { writeReport } from './report-text.ts'
import { confirmStart, prepareNotice, readForSending, type Sending } from './send-notice.ts'
import type { Terminal } from './terminal.ts'
import { watchNotice } from './watch-notice.ts'

/** 0: done. 1: refused or failed. 2: the command was not understood. 130: broken off with Ctrl-C. */
export type ExitCode = 0 | 1 | 2 | 130

export interface Session extends Sending {
  readonly pollIntervalMs: number
}

export interface SendOptions extends PaceOptions {
  readonly audience: string
  readonly yes?: true
  readonly watch: boolean
}

export async function sendCommand(session: Session, directory: string, options: SendOptions): Promise<ExitCode> {
  const { client, terminal } = session
  if (options.yes !== true && !terminal.canAsk) {
    throw new CommandFailure('Nobody is here to confirm the start. Nothing was sent.', [
      'Run the command on a terminal, or add --yes to start without asking.',
    ])
  }
  const notice = await readForSending(directory, options.audience)
  const { noticeId, audience } = await prepareNotice(session, notice, options.audience)
  if (audience.refusedRowsUrl !== undefined) {
    terminal.note(`The refused rows, each with its line and reason, for a few minutes at\n  ${audience.refusedRowsUrl}`)
  }
  const pace = paceWords(options)
  if (options.yes !== true) await tellEstimate(session, noticeId, options)
  if (options.yes !== true && !(await confirmStart(terminal, audience.recipients))) {
    terminal.note(
      `Not started: nothing was sent. To start it later:  ${commandLine(client.baseUrl, `start ${noticeId}${pace === '' ? '' : ` ${pace}`}`)}`,
    )
    return 1
  }
  const { warnings } = await client.start(noticeId, paceOf(options))
  warn(terminal, warnings)
  terminal.note(`Started. To stop it:  ${commandLine(client.baseUrl, `stop ${noticeId}`)}\n`)
  if (options.watch) return watchCommand(session, noticeId)
  terminal.print(noticeId)
  return 0
}

export async function watchCommand(session: Session, noticeId: string): Promise<ExitCode> {
  const { client, terminal } = session
  const watched = await watchNotice(client, noticeId, session)
  if (watched.kind === 'interrupted') {
    terminal.note(`Not watching any more; the notice goes on.
  To follow it:  ${commandLine(client.baseUrl, `watch ${noticeId}`)}
  To stop it:    ${commandLine(client.baseUrl, `stop ${noticeId}`)}`)
    return 130
  }
  terminal.note('')
  terminal.print(writeReport(await client.readReport(noticeId), terminal.paint))
  const { state, stopReason, leak } = watched.status
  if (state !== 'stopped') return 0
  const by = stopReason === undefined ? '' : ` ${explainStop(stopReason)}`
  terminal.note(`\nStopped${by}. ${waysOn(client.baseUrl, noticeId, leak)}`)
  return 1
}

/** How a stopped notice goes on; after a refusal by the leak guard, not before somebody knows why. */
export function waysOn(baseUrl: string, noticeId: string, leak: LeakAnswer | undefined): string {
  const command = (words: string) => commandLine(baseUrl, words)
  if (leak === undefined) return `To send the rest:  ${command(`resume ${noticeId}`)}`
  return `Find the cause, and mend it.
  To see whose messages were refused:  ${command(`who ${noticeId} --fate rejected`)}
  To send the rest then:               ${command(`resume ${noticeId} --after-leak ${CAUSE}`)}`
}

export async function showHistory({ client, terminal }: Session, noticeId: string): Promise<void> {
  terminal.print(writeHistory(await client.readHistory(noticeId)))
}

export async function listNotices({ client, terminal }: Session): Promise<void> {
  const notices = await client.listNotices()
  if (notices.length === 0)
    terminal.note(
      `There are no notices yet. To send one:  ${commandLine(client.baseUrl, 'send NOTICE_DIR --audience FILE')}`,
    )
  const width = Math.max(0, ...notices.map(({ noticeId }) => noticeId.length))
  for (const notice of notices) {
    const { noticeId, state, createdAt, name } = notice
    const created = createdAt.slice(0, 16).replace('T', ' ')
    const sharing = writeSharing(notice)
    const stopped = notice.leak === undefined ? '' : 'the leak guard refused a message'
    const remarks = [stopped, sharing].filter(text => text !== '')
    const remark = remarks.length === 0 ? '' : `  (${remarks.join('; ')})`
    terminal.print(`${noticeId.padEnd(width)}  ${created}  ${state.padEnd(8)}  ${name}${remark}`)
  }
}

export async function startNotice({ client, terminal }: Session, noticeId: string, pace: PaceOptions): Promise<void> {
  const { warnings } = await client.start(noticeId, paceOf(pace))
  warn(terminal, warnings)
  terminal.print(`Started. To follow it:  ${commandLine(client.baseUrl, `watch ${noticeId}`)}`)
}

export function warn({ note, paint }: Terminal, warnings: readonly string[]): void {
  for (const warning of warnings) note(paint('yellow', `Warning: ${warning}`))
}

export const retryRejected = (noticeId: string) => `retry ${noticeId} --rejected --after-leak ${CAUSE}`

export async function reportNotice(
  { client, terminal }: Session,
  noticeId: string,
  options: { json?: true },
): Promise<void> {
  const report = await client.readReport(noticeId)
  terminal.print(options.json === true ? JSON.stringify(report) : writeReport(report, terminal.paint))
  const { planned, accepted, rejected, retryable, state } = report
  const next = (what: string, words: string) => terminal.note(`${what}  ${commandLine(client.baseUrl, words)}`)
  if (accepted < planned) next('\nWho did not get it:', `who ${noticeId} --not accepted`)
  if (retryable > 0 && state === 'finished') {
    next(`To send again to ${counted(retryable, 'recipient')}:`, `retry ${noticeId}`)
  }
  if (rejected > 0 && state === 'finished') {
    next(`To send to ${counted(rejected, 'recipient')} rejected, once the cause is mended:`, retryRejected(noticeId))
  }
}
