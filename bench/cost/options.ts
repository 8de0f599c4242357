import { Command } from 'commander'

export interface CostOptions {
  /** Only hold what was written against a small measurement. */
  readonly check: boolean
  /** Count anew only on the local stack. */
  readonly live: boolean
}

export function readCostOptions(args: readonly string[]): CostOptions {
  return new Command('npm run bench:cost --')
    .description('Counts what a recipient takes of each service, and writes docs/cost.md.')
    .option('--check', 'hold what was written against a small measurement, and write nothing', false)
    .option('--live', 'count anew only on the local stack', false)
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<CostOptions>()
}
