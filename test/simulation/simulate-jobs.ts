import { fork } from 'node:child_process'
import { once } from 'node:events'
import { familyNames } from './faults.ts'
import { describeViolation, resultOf, type SeedResult } from './simulate-one.ts'
import { type ManySeeds, nthSeed } from './simulate-options.ts'

type Print = (line: string) => void

/** Runs many seeds, several processes at once if wanted, and gives the number of seeds that broke a promise. */
export async function simulateWithJobs({ from, seeds, jobs }: ManySeeds, print: Print): Promise<number> {
  const totals = createTotals()
  const startedMs = performance.now()
  const take = (result: SeedResult) => {
    for (const line of describeResult(result)) print(line)
    totals.add(result)
  }
  if (jobs === 1) for (let index = 0; index < seeds; index++) take(await runGuarded(nthSeed(from, index)))
  else await Promise.all(Array.from({ length: jobs }, (_, job) => runJob({ from, seeds, jobs, job }, take)))
  for (const line of totals.lines((performance.now() - startedMs) / 1000)) print(line)
  return totals.broken()
}

/** What the simulation itself does not survive is reported as well, and never hides the seeds after it. */
export async function runGuarded(seed: string): Promise<SeedResult> {
  try {
    return await resultOf(seed)
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const nothing = {
      notices: 0,
      recipients: 0,
      messages: 0,
      happenings: 0,
      virtualMs: 0,
      livenessMs: 0,
      processorMs: 0,
    }
    return { seed, violations: [{ checker: 'simulation', atMs: 0, what }], lastLines: [], ...nothing, faults: {} }
  }
}

async function runJob(
  part: { readonly from: string; readonly seeds: number; readonly jobs: number; readonly job: number },
  take: (result: SeedResult) => void,
): Promise<void> {
  const child = fork(`${import.meta.dirname}/simulate-job.ts`, [JSON.stringify(part)])
  child.on('message', (result: SeedResult) => take(result))
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`A job of the simulation ended with ${code}`)
}

function describeResult({ seed, violations, lastLines, ...ran }: SeedResult): readonly string[] {
  const faults = Object.values(ran.faults).reduce((sum, count) => sum + count, 0)
  const line = `${seed} ${violations.length === 0 ? 'ok' : 'VIOLATED'}: ${ran.notices} notices, ${ran.recipients} recipients, ${ran.messages} messages, ${faults} faults, ${Math.round(ran.virtualMs / 1000)} s`
  if (violations.length === 0) return [line]
  return [
    line,
    ...lastLines.map(last => `${seed}   ${last}`),
    ...violations.map(violation => `${seed} ${describeViolation(violation)}`),
    `${seed} replay with: SEED=${seed} npm run simulate`,
  ]
}

function createTotals() {
  const results: Pick<
    SeedResult,
    'notices' | 'recipients' | 'messages' | 'happenings' | 'virtualMs' | 'processorMs'
  >[] = []
  const faults = new Map<string, number>()
  let broken = 0
  let longestLivenessMs = 0
  const sum = (of: keyof (typeof results)[number]) => results.reduce((total, result) => total + result[of], 0)
  return {
    broken: () => broken,
    add: ({ violations, faults: counts, livenessMs, ...result }: SeedResult) => {
      results.push(result)
      if (violations.length > 0) broken++
      longestLivenessMs = Math.max(longestLivenessMs, livenessMs)
      for (const [family, count] of Object.entries(counts)) faults.set(family, (faults.get(family) ?? 0) + count)
    },
    lines: (seconds: number): readonly string[] => [
      'faults:',
      ...familyNames.map(family => `  ${String(faults.get(family) ?? 0).padStart(8)} ${family}`),
      `${results.length} seeds, ${broken} with violations`,
      `${sum('notices')} notices, ${sum('recipients')} recipients, ${sum('messages')} messages, ${sum('happenings')} happenings`,
      `${(sum('virtualMs') / 3_600_000).toFixed(1)} h of virtual time in ${seconds.toFixed(0)} s; a notice came to its end at most ${Math.round(longestLivenessMs / 1000)} s after the last fault`,
      `${Math.round(sum('notices') / (seconds / 60))} notices a minute, ${Math.round(sum('notices') / (sum('processorMs') / 60_000))} a minute of one processor`,
    ],
  }
}
