import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CommanderError } from 'commander'
import { provideAudienceFile } from '../local/demo/demo-audience.ts'
import { writeRun, writeRuns } from './kill/kill-report.ts'
import { type KillRun, runUnderKills } from './kill/kill-run.ts'
import { type KillOptions, readKillOptions } from './kill/options.ts'

/**
 * `npm run bench:kill`: notices under `kill -9`. What stands for AWS stays up: the embedded services, the simulated SES, and
 * the event sources and the HTTP API in this process. 0: everybody got one message, or is listed as in doubt. 1: a promise
 * was broken. 2: the options were not understood.
 */
async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  try {
    return await measure(readKillOptions(args))
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
}

async function measure(options: KillOptions): Promise<0 | 1> {
  const audienceFile = await provideAudienceFile(options.recipients)
  const runs: KillRun[] = []
  let unmeasured = 0
  for (let seed = options.seed; seed < options.seed + options.runs; seed++) {
    const stateDirectory = await mkdtemp(path.join(tmpdir(), `onlyto-kill-${seed}-`))
    try {
      const run = await runUnderKills(seed, options, audienceFile, stateDirectory)
      runs.push(run)
      console.log(options.json ? JSON.stringify(run) : writeRun(run))
      if (run.faults.length > 0) console.error(`  The logs of this run are kept in ${stateDirectory}`)
    } catch (error) {
      unmeasured += 1
      console.error(`seed ${seed}: could not be measured; its logs are kept in ${stateDirectory}`, error)
    }
  }
  if (!options.json) console.log(`\n${writeRuns(runs)}`)
  return unmeasured === 0 && runs.every(({ faults }) => faults.length === 0) ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
