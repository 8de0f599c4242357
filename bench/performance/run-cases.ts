import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { CaseResult } from './case-result.ts'
import { type PerformanceCase, performanceCases } from './cases.ts'
import type { PerformanceOptions } from './options.ts'

const caseProcess = fileURLToPath(new URL('./case-process.ts', import.meta.url))
const MEMORY_MB = 4_096

/** Runs cases in processes of their own, some at a time, and gives their results in the order of the cases. */
export async function runCases(
  { recipients, cases, jobs }: PerformanceOptions,
  tell: (result: CaseResult, seconds: number) => void,
): Promise<readonly CaseResult[]> {
  const all = performanceCases(recipients)
  const numberOf = ({ table, name, ratePerSecond }: PerformanceCase) =>
    all.findIndex(one => one.table === table && one.name === name && one.ratePerSecond === ratePerSecond)
  const results: CaseResult[] = []
  const waiting = [...cases.entries()]
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [place, planned] = next
      const startedMs = performance.now()
      const result = await runInProcess(recipients, numberOf(planned))
      results[place] = result
      tell(result, (performance.now() - startedMs) / 1000)
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
