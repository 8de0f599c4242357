import { type Command, InvalidArgumentError, Option } from 'commander'
import { fateKinds } from '../functions/ledger/delivery-states.ts'
import type { ExitCode, Session } from './commands.ts'
import { fateOfWord, fateWords } from './delivery-text.ts'
import { listWho, lookUpAddress } from './who.ts'

interface WhoArguments {
  readonly fate?: string
  readonly not?: string
  readonly inDoubt?: true
  readonly bounced?: true
  readonly complained?: true
  readonly sentAgain?: true
  readonly retryable?: true
  readonly address?: string
  readonly csv?: true
  readonly out?: string
}

interface Connection {
  readonly connect: () => Session
  readonly exit: (code: ExitCode) => void
}

const filters = ['fate', 'not', 'inDoubt', 'bounced', 'complained', 'sentAgain', 'retryable']

/** `who` and `export`: the answer by name. */
export function describeWho(program: Command, { connect, exit }: Connection): void {
  program
    .command('who')
    .description('who got it, who did not, and why, by address; everybody unless an option narrows it down')
    .argument('<id>', 'notice, as send or notices names it')
    .option('--fate <fates>', `only these: ${Object.values(fateWords).join(', ')}, with commas between`, readFates)
    .option('--not <fates>', 'all but these', readFates)
    .addOption(
      new Option('--in-doubt', 'only those of whom SES may or may not have accepted a message').conflicts('fate'),
    )
    .addOption(new Option('--bounced', 'only those whose message came back').conflicts('complained'))
    .option('--complained', 'only those who complained')
    .option('--sent-again', 'only those who may have got it twice')
    .option('--retryable', 'only those to whom retry would send again')
    .addOption(
      new Option('--address <address>', 'one recipient, and all that is known').conflicts([...filters, 'csv', 'out']),
    )
    .option('--csv', 'as CSV')
    .option('--out <file>', 'into a new file')
    .action(async (id: string, given: WhoArguments) => {
      if (given.address !== undefined) return lookUpAddress(connect(), id, given.address)
      exit(await listWho(connect(), id, { query: queryOf(given), csv: given.csv ?? false, out: given.out }))
    })
  program
    .command('export')
    .description('every recipient with fate, reason, time and message ids, as CSV')
    .argument('<id>', 'notice, as send or notices names it')
    .requiredOption('--out <file>', 'a new file')
    .action(async (id: string, { out }: { out: string }) =>
      exit(await listWho(connect(), id, { query: {}, csv: true, out })),
    )
}

function queryOf({ fate, not, inDoubt, bounced, complained, sentAgain, retryable }: WhoArguments) {
  const fates = inDoubt ? 'inDoubt' : fate
  return {
    ...(fates !== undefined && { fate: fates }),
    ...(not !== undefined && { not }),
    ...(bounced && { reached: 'bounced' }),
    ...(complained && { reached: 'complained' }),
    ...(sentAgain && { sentAgain: 'true' }),
    ...(retryable && { retryable: 'true' }),
  }
}

function readFates(given: string): string {
  const fates = given.split(',').map(word => fateOfWord(word.trim()))
  if (fates.every(fate => fate !== undefined)) return fates.join(',')
  throw new InvalidArgumentError(`The fates are ${fateKinds.map(kind => fateWords[kind]).join(', ')}.`)
}
