import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CommanderError } from 'commander'
import { measurePace } from './pace/measure-pace.ts'
import { type PaceOptions, readPaceOptions } from './pace/options.ts'
import { paceFaults, writePace } from './pace/pace-report.ts'

/**
 * `npm run bench:pace`: how much of SES's rate a notice uses, as SES sees it. 0: at every rate at least as much as asked for,
 * and no throttle. 1: less, or a throttle. 2: the options were not understood.
 */
async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  try {
    return await measure(readPaceOptions(args))
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
}

async function measure(options: PaceOptions): Promise<0 | 1> {
  let kept = true
  for (const rate of options.rates) {
    const stateDirectory = await mkdtemp(path.join(tmpdir(), `onlyto-pace-${rate}-`))
    const pace = await measurePace(rate, options, stateDirectory)
    console.log(options.json ? JSON.stringify(pace) : writePace(pace, options.atLeast))
    const fine = paceFaults(pace, options.atLeast).length === 0
    if (fine) await rm(stateDirectory, { recursive: true, force: true })
    else console.error(`The logs are kept in ${stateDirectory}`)
    kept &&= fine
  }
  return kept ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
