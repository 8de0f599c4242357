import { CommanderError } from 'commander'
import { CommandFailure } from '../cli/command-failure.ts'
import { counted, duration } from '../cli/figures.ts'
import { paintFor, plain } from '../cli/terminal.ts'
import { provideDrillAudience } from './drill/drill-audience.ts'
import { type DrillOptions, readDrillOptions } from './drill/drill-options.ts'
import { drillJson, writeCase, writeVerdict } from './drill/drill-report.ts'
import { DRILL_SENDER, startDrillStack } from './drill/drill-stack.ts'
import { type CaseEvidence, judgeCase } from './drill/judge-case.ts'
import { runCase } from './drill/run-case.ts'

/**
 * `npm run drill`: the mistake of 2019, replayed on the whole stack. 0: nothing left that should not, and everything else held
 * in every case. 1: something did not hold, or the drill failed. 2: the options were not understood.
 */
async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  try {
    return await drill(readDrillOptions(args))
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const details = error instanceof CommandFailure ? error.details : []
    const message = error instanceof CommandFailure ? error.message : error instanceof Error ? error.stack : error
    process.stderr.write([message, ...details.map(detail => `  ${detail}`), ''].join('\n'))
    return 1
  }
}

async function drill(options: DrillOptions): Promise<0 | 1> {
  const { only, senders, rate, json, withoutGuard } = options
  const notes = json ? process.stderr : process.stdout
  const paint = json ? plain : paintFor(process.stdout)
  const note = (text: string) => void notes.write(`${text}\n`)
  const beganAtMs = performance.now()
  note(`Starting the whole stack, and building ${counted(only.length, 'faulty sender')} …`)
  const cases: CaseEvidence[] = []
  {
    await using running = await startDrillStack(options, note)
    const audience = await provideDrillAudience(rate, DRILL_SENDER)
    note(`Each case: ${senders} senders, ${rate} messages a second, and then the fault.\n`)
    for (const drillCase of only) {
      const evidence = await runCase(running, drillCase, options, audience)
      cases.push(evidence)
      note(`${writeCase(evidence, paint)}\n`)
    }
    if (!withoutGuard && !cases.every(held)) note(`The logs are kept in ${running.keepLogs()}`)
  }
  note(`Took ${duration((performance.now() - beganAtMs) / 1000)}.`)
  process.stdout.write(`${json ? drillJson(cases) : writeVerdict(cases, withoutGuard, paint)}\n`)
  return cases.every(held) ? 0 : 1
}

const held = (evidence: CaseEvidence) => judgeCase(evidence).length === 0

process.exitCode = await main(process.argv.slice(2))
