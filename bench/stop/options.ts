import { Command } from 'commander'
import { positive, wholeNumber } from '../../local/demo/demo-options.ts'

export interface StopOptions {
  /** Each start or resume is a run, and each run is stopped. */
  readonly runs: number
  readonly recipients: number
  readonly rate: number
  readonly seed: number
  /** Seconds in which a notice must finish once it is let. */
  readonly limit: number
  readonly json: boolean
}

/** A notice must outlast the longest run before its stop, with what still goes out after it. */
const LEAST_SECONDS = 10

/** Reads the command line. Throws commander's own error, once it has said what is wrong. */
export function readStopOptions(args: readonly string[]): StopOptions {
  const command = new Command('npm run bench:stop --')
    .description('Stops live runs at random moments, and measures when the last call of SES began.')
    .option('--runs <n>', 'how often a notice is started or resumed, and stopped', wholeNumber, 50)
    .option('--recipients <n>', 'of each notice; there are as many notices as it takes', wholeNumber, 20_000)
    .option('--rate <n>', 'messages a second that SES allows', positive, 500)
    .option('--seed <n>', 'decides when each run is stopped, and in which situation', wholeNumber, 1)
    .option('--limit <seconds>', 'in which a notice must finish at the end', wholeNumber, 900)
    .option('--json', 'print one line of JSON a stop, and nothing else on stdout', false)
    .exitOverride()
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
  const options = command.opts<StopOptions>()
  const least = options.rate * LEAST_SECONDS
  if (options.recipients < least) {
    command.error(
      `error: ${options.recipients} recipients are too few at ${options.rate}/s. Give --recipients ${least}.`,
    )
  }
  return options
}
