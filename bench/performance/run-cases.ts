import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { CaseResult } from './case-result.ts'
import { type PerformanceCase, performanceCases } from './cases.ts'
import { keptResults, type MeasuredCase, presentCommit } from './kept-results.ts'
import type { PerformanceOptions } from './options.ts'

const caseProcess = fileURLToPath(new URL('./case-process.ts', import.meta.url))
const MEMORY_MB = 4_096

/** Runs cases in processes of their own, some at a time, and gives their results in the order of the cases. */
export async function runCases(
  { recipients, cases, jobs, resultsFile }: PerformanceOptions,
  tell: (result: CaseResult) => void,
): Promise<readonly MeasuredCase[]> {
  const all = performanceCases(recipients)
  const numberOf = ({ table, name, ratePerSecond }: PerformanceCase) =>
    all.findIndex(one => one.table === table && one.name === name && one.ratePerSecond === ratePerSecond)
  const kept = keptResults(resultsFile)
  const commit = presentCommit()
  const results: MeasuredCase[] = []
  const waiting = [...cases.entries()]
  async function measure(planned: PerformanceCase): Promise<MeasuredCase> {
    const result = { ...(await runInProcess(recipients, numberOf(planned))), commit }
    kept.keep(result)
    return result
  }
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [place, planned] = next
      const result = kept.find(planned) ?? (await measure(planned))
      results[place] = result
      tell(result)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return results
}

async function runInProcess(recipients: number, number: number): Promise<CaseResult> {
  const child = fork(caseProcess, [String(recipients), String(number)], {
    execArgv: [`--max-old-space-size=${MEMORY_MB}`],
  })
  let result: CaseResult | undefined
  child.on('message', (message: CaseResult) => {
    result = message
  })
  const [status] = await once(child, 'exit')
  if (result === undefined || status !== 0) throw new Error(`Case ${number} ended with status ${status}`)
  return result
}
