import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CommanderError } from 'commander'
import { count } from '../cli/figures.ts'
import { provideAudienceFile } from '../local/demo/demo-audience.ts'
import { startLiveStack } from './live/live-notice.ts'
import type { MeasuredStop } from './stop/measure-stop.ts'
import { readStopOptions, type StopOptions } from './stop/options.ts'
import { stopPlans } from './stop/plans.ts'
import { judgeStops, writeStop, writeStops } from './stop/stop-report.ts'
import { type Seen, stopNotices } from './stop/stopped-notices.ts'

/**
 * `npm run bench:stop`: stops live runs at random moments. 0: no call of SES began later than a second after any answer, and
 * in the end everybody got one message. 1: a promise was broken. 2: the options were not understood.
 */
async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  try {
    return await measure(readStopOptions(args))
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
}

const SETTLE_DELAY_SECONDS = 5

async function measure(options: StopOptions): Promise<0 | 1> {
  const { rate, seed } = options
  const audienceFile = await provideAudienceFile(options.recipients)
  const stateDirectory = await mkdtemp(path.join(tmpdir(), `onlyto-stop-${seed}-`))
  const stops: MeasuredStop[] = []
  let endsKept = true
  {
    await using stack = await startLiveStack({ rate, seed, stateDirectory, settleDelaySeconds: SETTLE_DELAY_SECONDS })
    for await (const seen of stopNotices(stack, stopPlans(seed), options, audienceFile)) {
      if (seen.kind === 'stop') stops.push(seen.stop)
      else endsKept &&= seen.judgement.faults.length === 0
      console.log(options.json ? JSON.stringify(seen) : writeSeen(seen, stops.length))
    }
  }
  if (!options.json) console.log(`\n${writeStops(stops)}`)
  const kept = judgeStops(stops).kept && endsKept
  if (kept) await rm(stateDirectory, { recursive: true, force: true })
  else console.error(`The logs are kept in ${stateDirectory}`)
  return kept ? 0 : 1
}

function writeSeen(seen: Seen, number: number): string {
  if (seen.kind === 'stop') return writeStop(number, seen.stop)
  const { faults, duplicates, missing, inDoubt } = seen.judgement
  const counts = `${count(seen.messages)} messages, ${duplicates} duplicates, ${missing} missing, ${inDoubt} in doubt`
  return `notice finished: ${counts} | ${faults.length === 0 ? 'kept' : `BROKEN: ${faults.join('; ')}`}`
}

process.exitCode = await main(process.argv.slice(2))
