import { Command } from 'commander'
import { positive, wholeNumber } from '../../local/demo/demo-options.ts'

export interface KillOptions {
  readonly runs: number
  readonly recipients: number
  readonly rate: number
  /** Seconds. */
  readonly settleDelay: number
  /** Of the first run; each further run has the next. */
  readonly seed: number
  /** Seconds after the start in which processes are killed; undefined until the notice has finished. */
  readonly killFor: number | undefined
  /** Seconds in which a notice must finish. */
  readonly limit: number
  readonly json: boolean
}

/** Reads the command line. Throws commander's own error, once it has said what is wrong. */
export function readKillOptions(args: readonly string[]): KillOptions {
  return new Command('npm run bench:kill --')
    .description('Sends notices while processes are killed, and proves that nobody is left out and nobody gets two.')
    .option('--runs <n>', 'notices, each on a stack of its own', wholeNumber, 50)
    .option('--recipients <n>', 'of each notice', wholeNumber, 20_000)
    .option('--rate <n>', 'messages a second that SES allows', positive, 500)
    .option('--settle-delay <seconds>', 'how long a message in doubt waits for its SEND event', wholeNumber, 5)
    .option('--seed <n>', 'of the first run: decides who dies when', wholeNumber, 1)
    .option('--kill-for <seconds>', 'how long after the start processes are killed (until it has finished)', positive)
    .option('--limit <seconds>', 'in which a notice must finish by itself', wholeNumber, 900)
    .option('--json', 'print one line of JSON a run, and nothing else on stdout', false)
    .exitOverride()
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<KillOptions>()
}
