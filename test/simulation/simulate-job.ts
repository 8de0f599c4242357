import * as z from 'zod'
import { runGuarded } from './simulate-jobs.ts'
import { nthSeed } from './simulate-options.ts'

/** One process of several: every so-manieth seed, told to the parent as it is done. */
const part = z
  .object({ from: z.string(), seeds: z.number(), jobs: z.number(), job: z.number() })
  .parse(JSON.parse(process.argv[2] ?? ''))

for (let index = part.job; index < part.seeds; index += part.jobs) {
  process.send?.(await runGuarded(nthSeed(part.from, index)))
}
process.disconnect()
