import { Command, InvalidArgumentError } from 'commander'
import type { SmokeOptions } from './smoke-ports.ts'

export interface SmokeCommand extends SmokeOptions {
  readonly region?: string
  readonly json: boolean
}

/** Reads the command line. Throws commander's own error, once it has said what is wrong. */
export function readSmokeOptions(args: readonly string[]): SmokeCommand {
  return new Command('npm run smoke --')
    .description(
      "Tries a deployed stack out: sends to SES's mailbox simulator and to nobody else, and judges what comes back.",
    )
    .requiredOption('--stack <name>', 'name of the stack, such as OnlyTo')
    .option('--region <region>', 'where it is deployed, unless AWS_REGION or the profile says so')
    .option('--recipients <n>', 'instead of what the account sends in half a minute', wholeNumber)
    .option('--from <address>', "address that the messages come from, where the stack's sender is a domain")
    .option('--yes', 'send without asking', false)
    .option('--json', 'print one JSON object, and nothing else on stdout', false)
    .exitOverride()
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<SmokeCommand>()
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a whole number above 0.')
}
