import { Writable } from 'node:stream'
import { runOnlyto } from '../../../cli/program.ts'
import { plain, type Terminal } from '../../../cli/terminal.ts'
import { systemClock } from '../../../functions/runtime/clock.ts'
import type { Evidence } from './evidence.ts'

/** Somebody at a terminal, with the `onlyto` command. */
export interface Operator {
  /** Runs a command that is not meant to show names: what it shows is on record. Gives its results, without its notes. */
  run(...args: readonly string[]): Promise<string>
  /** Runs a command whose purpose is names, and gives all that it shows. */
  runForNames(...args: readonly string[]): Promise<string>
}

export function operatorAt(apiUrl: string, evidence: Evidence): Operator {
  const run = async (args: readonly string[]) => {
    const shown: string[] = []
    const results: string[] = []
    await runOnlyto(['--api', apiUrl, ...args], {
      terminal: listening(
        text => {
          shown.push(text)
          results.push(text)
        },
        text => shown.push(text),
      ),
      clock: systemClock,
      environment: {},
      pollIntervalMs: 200,
    })
    return { shown: shown.join('\n'), results: results.join('\n') }
  }
  return {
    run: async (...args) => {
      const { shown, results } = await run(args)
      evidence.add('terminal', args[0] ?? '', shown)
      return results
    },
    runForNames: async (...args) => (await run(args)).shown,
  }
}

function listening(print: (text: string) => void, note: (text: string) => void): Terminal {
  const into = (hear: (text: string) => void) =>
    new Writable({
      write: (chunk, _, done) => {
        hear(String(chunk))
        done()
      },
    })
  return {
    ...{ print, note, results: into(print), notes: into(note), paint: plain, canAsk: false },
    ask: async () => '',
    interruption: () => new Promise(() => {}),
  }
}
