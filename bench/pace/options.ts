import { Command, InvalidArgumentError } from 'commander'
import { positive, wholeNumber } from '../../local/demo/demo-options.ts'

export interface PaceOptions {
  /** Messages a second that SES allows, one run after the other. */
  readonly rates: readonly number[]
  readonly seconds: number
  /** Recipients of a notice that is sent before the one that is measured; 0: the stack is cold. */
  readonly warmUp: number
  /** Undefined: as many as the rate needs. */
  readonly senders: number | undefined
  readonly atLeast: number
  readonly seed: number
  readonly json: boolean
}

/** Reads the command line. Throws commander's own error, once it has said what is wrong. */
export function readPaceOptions(args: readonly string[]): PaceOptions {
  const command = new Command('npm run bench:pace --')
    .description('Sends a notice at each rate on a fresh local stack, and measures how much of the rate SES saw used.')
    .option('--rates <list>', 'messages a second that SES allows, with commas between', rateList, [14, 100, 500, 1000])
    .option('--seconds <n>', 'that each notice lasts at its rate', wholeNumber, 30)
    .option('--warm-up <n>', 'recipients of a notice that is sent before, on the same stack', wholeNumber)
    .option('--senders <n>', 'that run at once; otherwise as many as the rate needs', senderCount)
    .option('--at-least <share>', 'utilisation below which the exit status is 1', share, 0.99)
    .option('--seed <n>', 'decides how long SES takes over each call', wholeNumber, 1)
    .option('--json', 'print one line of JSON a rate, and nothing else on stdout', false)
    .exitOverride()
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
  const { warmUp = 0, ...options } = command.opts<Omit<PaceOptions, 'warmUp'> & { warmUp?: number }>()
  return { ...options, senders: options.senders, warmUp }
}

/** Lambda runs no fewer than two for a queue. */
function senderCount(text: string): number {
  return Math.max(2, wholeNumber(text))
}

function rateList(text: string): readonly number[] {
  return text.split(',').map(positive)
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('Give a number from 0 to 1.')
  return value
}
