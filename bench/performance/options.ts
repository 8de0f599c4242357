import { Command, InvalidArgumentError } from 'commander'
import { type PerformanceCase, performanceCases, type Table } from './cases.ts'

/** Ten hours at 14 a second. */
export const ALL_RECIPIENTS = 504_000

export interface PerformanceOptions {
  readonly recipients: number
  readonly cases: readonly PerformanceCase[]
  readonly jobs: number
  /** Where results are kept, if they are. */
  readonly resultsFile: string | undefined
  /** All cases with all recipients: what the document is made of. */
  readonly whole: boolean
}

interface Given {
  readonly recipients: number
  readonly only?: readonly string[]
  readonly jobs: number
  readonly results?: string
}

const tables: readonly string[] = ['plain', 'disturbed', 'compared', 'hands'] satisfies readonly Table[]

export function readPerformanceOptions(args: readonly string[]): PerformanceOptions {
  const command = new Command('bench:performance')
    .description('Sends notices in virtual time with the functions of the product, and writes docs/performance.md.')
    .option('--recipients <number>', 'recipients of each notice', wholeNumber, ALL_RECIPIENTS)
    .option('--only <words...>', `tables (${tables.join(', ')}) or words in the names of cases`)
    .option('--jobs <number>', 'processes at a time', wholeNumber, 2)
    .option('--results <file>', 'keeps the result of each case there, and measures only those that are missing')
    .exitOverride()
    .parse([...args], { from: 'user' })
  const { recipients, only, jobs, results } = command.opts<Given>()
  const cases = performanceCases(recipients).filter(
    ({ table, name }) =>
      only === undefined || only.some(word => word === table || (!isTable(word) && name.includes(word))),
  )
  if (cases.length === 0) command.error(`error: --only ${only?.join(' ')} leaves nothing to measure`)
  return { recipients, cases, jobs, resultsFile: results, whole: only === undefined && recipients === ALL_RECIPIENTS }
}

const isTable = (word: string) => tables.includes(word)

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It is to be a whole number above 0.')
  return number
}
