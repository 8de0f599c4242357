import { CommanderError } from 'commander'
import { CommandFailure } from '../cli/command-failure.ts'
import { paintFor, plain, processTerminal, type Terminal } from '../cli/terminal.ts'
import { type DemoOptions, readDemoOptions } from './demo/demo-options.ts'
import { writeDemoReport } from './demo/demo-report.ts'
import { brokenPromises, demoJson } from './demo/demo-result.ts'
import { runDemo } from './demo/run-demo.ts'

/** `npm run demo`. 0: every promise held. 1: one was broken, or the run failed. 2: the options were not understood. */
async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  try {
    return await demonstrate(readDemoOptions(args))
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const details = error instanceof CommandFailure ? error.details : []
    const message = error instanceof CommandFailure ? error.message : error instanceof Error ? error.stack : error
    process.stderr.write([message, ...details.map(detail => `  ${detail}`), ''].join('\n'))
    return 1
  }
}

async function demonstrate(options: DemoOptions): Promise<0 | 1> {
  const terminal = demoTerminal(options.json)
  const result = await runDemo(options, terminal)
  terminal.print(options.json ? demoJson(result) : writeDemoReport(result, terminal.paint))
  return brokenPromises(result).length === 0 ? 0 : 1
}

/** With --json stdout is for the report alone, and the rest goes to stderr. Ctrl-C ends the stack, which ends the process. */
function demoTerminal(json: boolean): Terminal {
  const { stdout, stderr } = process
  const notes = json ? stderr : stdout
  return {
    ...processTerminal(),
    notes,
    note: text => notes.write(`${text}\n`),
    canAsk: false,
    interruption: () => new Promise(() => {}),
    paint: json ? plain : paintFor(stdout),
  }
}

process.exitCode = await main(process.argv.slice(2))
