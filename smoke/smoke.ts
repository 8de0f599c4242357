import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { CommanderError } from 'commander'
import { CommandFailure } from '../cli/command-failure.ts'
import { fetchFor } from '../cli/signed-fetch.ts'
import { processTerminal, type Terminal } from '../cli/terminal.ts'
import { systemClock } from '../functions/runtime/clock.ts'
import { quotaOf, sesIdentities } from './aws-ses.ts'
import { cloudFormationStacks } from './aws-stacks.ts'
import { cloudWatch } from './aws-watch.ts'
import { readSmokeOptions, type SmokeCommand } from './options.ts'
import { runSmoke } from './run-smoke.ts'
import { awsPatience, type SmokePorts } from './smoke-ports.ts'
import { allHold } from './verdict.ts'
import { writeVerdicts } from './verdict-table.ts'

/**
 * `npm run smoke`: tries a deployed stack out with SES's mailbox simulator. 0: everything holds. 1: something does not, or
 * nothing was sent. 2: the options were not understood.
 */
async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  const terminal = processTerminal()
  try {
    return await smoke(terminal, readSmokeOptions(args))
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof CommandFailure)) throw error
    terminal.note([terminal.paint('red', error.message), ...error.details.map(detail => `  ${detail}`)].join('\n'))
    return 1
  }
}

async function smoke(terminal: Terminal, options: SmokeCommand): Promise<0 | 1> {
  const { verdicts, confirmed } = await runSmoke(onAws(terminal, options), options)
  const { stack } = options
  const holds = confirmed && allHold(verdicts)
  if (options.json) terminal.print(JSON.stringify({ stack, holds, verdicts }))
  else if (confirmed) terminal.print(writeVerdicts(verdicts, terminal.paint))
  if (!confirmed) terminal.note('Nothing was sent.')
  return holds ? 0 : 1
}

function onAws(terminal: Terminal, { region }: SmokeCommand): SmokePorts {
  const config = region === undefined ? {} : { region }
  return {
    stacks: cloudFormationStacks(new CloudFormationClient(config)),
    watch: cloudWatch(new CloudWatchClient(config), systemClock.now),
    identities: sesIdentities(config),
    account: quotaOf(config),
    terminal,
    clock: systemClock,
    fetchFor: baseUrl => fetchFor(baseUrl, process.env),
    patience: awsPatience,
  }
}

process.exitCode = await main(process.argv.slice(2))
