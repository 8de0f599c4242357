import { Command, CommanderError } from 'commander'
import type { Clock } from '../functions/runtime/clock.ts'
import { createApiClient } from './api-client.ts'
import { CommandFailure } from './command-failure.ts'
import { LOCAL_API } from './command-line.ts'
import {
  type ExitCode,
  listNotices,
  reportNotice,
  type SendOptions,
  sendCommand,
  showHistory,
  startNotice,
  watchCommand,
} from './commands.ts'
import { describeEstimate } from './estimate.ts'
import { resumeNotice, retryNotice } from './go-again.ts'
import { type AfterLeak, type PaceOptions, withAfterLeak, withNewPace, withPace } from './pace-options.ts'
import { fetchFor } from './signed-fetch.ts'
import { writeStatus } from './status-text.ts'
import { stopEveryNotice, stopNotice } from './stop-notice.ts'
import type { Terminal } from './terminal.ts'
import { describeWho } from './who-commands.ts'

export interface Surroundings {
  readonly terminal: Terminal
  readonly clock: Clock
  readonly environment: NodeJS.ProcessEnv
  readonly pollIntervalMs: number
}

/** The `onlyto` command. Runs one command line and says how it ended. */
export async function runOnlyto(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal } = surroundings
  let exitCode: ExitCode = 0
  const program = describeProgram(surroundings, code => {
    exitCode = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof CommandFailure)) throw error
    terminal.note([terminal.paint('red', error.message), ...error.details.map(detail => `  ${detail}`)].join('\n'))
    return 1
  }
}

/** Every command with its options; a test reads the commands of the documents with it. */
export function describeProgram(surroundings: Surroundings, exit: (code: ExitCode) => void): Command {
  const { terminal, environment } = surroundings
  const program = new Command('onlyto')
    .description('Sends one notice to every recipient, each alone.')
    .option('--api <url>', 'address of the API (or in ONLYTO_API)', environment['ONLYTO_API'] ?? LOCAL_API)
    .exitOverride()
    .configureOutput({
      writeOut: text => terminal.print(text.trimEnd()),
      writeErr: text => terminal.note(text.trimEnd()),
    })
    .showHelpAfterError('(onlyto --help lists commands and options)')
  const connect = () => {
    const baseUrl = checkedUrl(program.opts<{ api: string }>().api)
    const client = createApiClient(baseUrl, fetchFor(baseUrl, environment))
    return { client, ...surroundings }
  }
  const send = program
    .command('send')
    .description('create a notice from a directory, upload its audience, approve it and send it')
    .argument('<notice-dir>', 'directory with notice.yaml and one Markdown file per locale')
    .requiredOption('--audience <file>', 'CSV or NDJSON file with one recipient a row')
    .option('--yes', 'start without asking')
    .option('--no-watch', 'return once it has started')
  withPace(send).action(async (directory: string, options: SendOptions) =>
    exit(await sendCommand(connect(), directory, options)),
  )
  program
    .command('notices')
    .description('list the notices, newest first')
    .action(() => listNotices(connect()))
  const noticeCommand = (name: string, description: string) =>
    program.command(name).description(description).argument('<id>', 'notice, as send or notices names it')
  noticeCommand('status', 'where a notice stands').action(async (id: string) => {
    terminal.print(writeStatus(await connect().client.readStatus(id), terminal.paint))
  })
  withPace(noticeCommand('start', 'start an approved notice')).action((id: string, pace: PaceOptions) =>
    startNotice(connect(), id, pace),
  )
  noticeCommand('watch', 'follow a notice until it is no longer being sent').action(async (id: string) =>
    exit(await watchCommand(connect(), id)),
  )
  program
    .command('stop')
    .description('stop a notice within a second, or every notice of the account with --all')
    .argument('[id]', 'notice, as send or notices names it')
    .option('--all', 'every notice that is being sent')
    .action((id: string | undefined, { all }: { all?: true }, command: Command) => {
      if ((id === undefined) === (all === undefined)) command.error('error: give the id of one notice, or --all')
      return id === undefined ? stopEveryNotice(connect()) : stopNotice(connect(), id)
    })
  withAfterLeak(withNewPace(noticeCommand('resume', 'send the rest of a stopped notice'))).action(
    (id: string, options: PaceOptions & AfterLeak) => resumeNotice(connect(), id, options),
  )
  const retry = noticeCommand('retry', 'send again to those who failed for a reason that may have passed')
  withAfterLeak(withNewPace(retry))
    .option('--rejected', 'also to those whose message the leak guard refused; with --after-leak')
    .action((id: string, options: PaceOptions & AfterLeak) => retryNotice(connect(), id, options))
  noticeCommand('history', 'who did what, and when').action((id: string) => showHistory(connect(), id))
  noticeCommand('report', 'what became of every recipient, in numbers')
    .option('--json', 'as one JSON object')
    .action((id: string, options: { json?: true }) => reportNotice(connect(), id, options))
  describeEstimate(program, terminal, connect)
  describeWho(program, { connect, exit })
  return program
}

function checkedUrl(text: string): string {
  const url = URL.parse(text)
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '')
  throw new CommandFailure(`"${text}" is not the address of an API.`, [
    'Give an address such as https://abc123.execute-api.eu-west-1.amazonaws.com.',
  ])
}
