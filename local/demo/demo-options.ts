import { Command, InvalidArgumentError } from 'commander'

export interface DemoOptions {
  /** Of a generated audience; undefined sends to examples/customers.csv. */
  readonly recipients: number | undefined
  /** Recipients a second that the SES account may send to. */
  readonly rate: number
  readonly latency: number
  readonly json: boolean
}

/** Reads the command line. Throws commander's own error, once it has said what is wrong. */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  const command = new Command('npm run demo --')
    .description('Runs the whole stack on this computer, sends a notice, and proves what every recipient got.')
    .option('--recipients <n>', 'generate an audience of this size; otherwise examples/customers.csv', wholeNumber)
    .option('--rate <n>', 'messages a second that SES allows', positive, 200)
    .option(
      '--latency <ms>',
      'median time that SES takes to answer; 1 in 100 takes five times as long',
      notNegative,
      80,
    )
    .option('--json', 'print the report as one line of JSON, and nothing else on stdout', false)
    .exitOverride()
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
  const { recipients, rate, latency, json } = command.opts<DemoOptions>()
  return { recipients, rate, latency, json }
}

export function wholeNumber(text: string): number {
  return check(text, value => Number.isSafeInteger(value) && value >= 1, 'Give a whole number from 1.')
}

export function positive(text: string): number {
  return check(text, value => value > 0 && value <= 100_000, 'Give a number above 0 and up to 100,000.')
}

export function notNegative(text: string): number {
  return check(text, value => value >= 0 && value <= 60_000, 'Give milliseconds, from 0 to 60,000.')
}

function check(text: string, isFit: (value: number) => boolean, remedy: string): number {
  const value = Number(text)
  if (text.trim() === '' || !isFit(value)) throw new InvalidArgumentError(remedy)
  return value
}
