import { simulateWithJobs } from './simulate-jobs.ts'
import { simulateOne } from './simulate-one.ts'
import { readOptions } from './simulate-options.ts'

/**
 * `npm run simulate -- --seeds N [--from S] [--jobs J]` runs N seeds and exits with 1 if one broke a promise;
 * `SEED=… npm run simulate` runs one again and prints everything that happened.
 */
const options = readOptions(process.argv.slice(2), process.env)
const broken =
  options.kind === 'one' ? await simulateOne(options.seed, console.log) : await simulateWithJobs(options, console.log)
process.exitCode = broken > 0 ? 1 : 0
