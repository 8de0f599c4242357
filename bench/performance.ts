import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CommanderError } from 'commander'
import { faultsOf } from './performance/judge-cases.ts'
import { type PerformanceOptions, readPerformanceOptions } from './performance/options.ts'
import { performancePage } from './performance/page.ts'
import { runCases } from './performance/run-cases.ts'
import { caseLine } from './performance/tables.ts'

const PAGE = fileURLToPath(new URL('../docs/performance.md', import.meta.url))

/**
 * `npm run bench:performance`: notices in virtual time, sent by the functions of the product, and beside them by what others
 * do, against one simulated limit. All of it writes docs/performance.md; a part (`--only`) or fewer recipients only prints.
 * 0: promises were kept. 1: one was not. 2: the options were not understood.
 */
async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  try {
    return await measure(readPerformanceOptions(args))
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
}

async function measure(options: PerformanceOptions): Promise<0 | 1> {
  const results = await runCases(options, result => console.log(caseLine(result)))
  const page = performancePage(results, options.recipients)
  if (options.whole) writeFileSync(PAGE, page)
  else console.log(`\n${page}`)
  const broken = results.flatMap(result => faultsOf(result).map(fault => `${result.planned.name}: ${fault}`))
  for (const fault of broken) console.error(`BROKEN ${fault}`)
  return broken.length === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
