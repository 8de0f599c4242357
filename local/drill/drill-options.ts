import { Command, InvalidArgumentError, Option } from 'commander'
import { positive, wholeNumber } from '../demo/demo-options.ts'
import { type DrillCase, drillCases } from './drill-cases.ts'

export interface DrillOptions {
  readonly only: readonly DrillCase[]
  readonly senders: number
  /** Recipients a second that SES allows. */
  readonly rate: number
  /** A control run: the same faults, and nothing to stop them. */
  readonly withoutGuard: boolean
  readonly json: boolean
}

/** Lambda's least maximum concurrency of a queue, and the least that stop each other. */
const LEAST_SENDERS = 2
/** Below it a sender's second holds too little to see one stop another. */
const LEAST_RATE = 50

/** Reads the command line. Throws commander's own error, once it has said what is wrong. */
export function readDrillOptions(args: readonly string[]): DrillOptions {
  return new Command('npm run drill --')
    .description('Makes the sender leak in every way that is known, at full speed, and proves that nothing leaves.')
    .addOption(
      new Option('--only <names>', `which cases, with commas between: ${names.join(', ')}`)
        .argParser(casesNamed)
        .default(drillCases, 'all'),
    )
    .option('--senders <n>', 'senders that work at once', atLeast(LEAST_SENDERS, wholeNumber), 4)
    .option('--rate <n>', 'messages a second that SES allows', atLeast(LEAST_RATE, positive), 400)
    .option('--without-guard', 'with every wall taken out: shows that the faults leak, and must fail', false)
    .option('--json', 'print the report as one line of JSON, and nothing else on stdout', false)
    .exitOverride()
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<DrillOptions>()
}

const names = drillCases.map(({ name }) => name)

function casesNamed(text: string): readonly DrillCase[] {
  const wanted = text.split(',').map(name => name.trim())
  const unknown = wanted.filter(name => !names.includes(name))
  if (unknown.length > 0) throw new InvalidArgumentError(`There is no case "${unknown.join('", "')}".`)
  return drillCases.filter(({ name }) => wanted.includes(name))
}

function atLeast(least: number, read: (text: string) => number): (text: string) => number {
  return text => {
    const value = read(text)
    if (value < least) throw new InvalidArgumentError(`Give at least ${least}.`)
    return value
  }
}
