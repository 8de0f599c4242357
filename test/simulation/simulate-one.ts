import { quotaFreeAfterMs } from './account-life.ts'
import { violationsIn } from './checkers/all.ts'
import type { Evidence, Violation } from './checkers/evidence.ts'
import type { FaultFamily } from './faults.ts'
import { traceHash, traceLine } from './history.ts'
import { runSeed } from './run-seed.ts'
import { START_MS } from './scheduler.ts'

/** What is told of one seed. */
export interface SeedResult {
  readonly seed: string
  readonly violations: readonly Violation[]
  readonly lastLines: readonly string[]
  readonly notices: number
  readonly recipients: number
  readonly messages: number
  readonly happenings: number
  readonly virtualMs: number
  /** From the end of the faults, and the moment at which the daily quota is free, to the end of the last notice. */
  readonly livenessMs: number
  readonly processorMs: number
  readonly faults: Readonly<Partial<Record<FaultFamily, number>>>
}

type Print = (line: string) => void

const LAST_LINES = 25

export async function resultOf(seed: string): Promise<SeedResult> {
  const before = process.cpuUsage()
  const evidence = await runSeed(seed)
  const violations = violationsIn(evidence)
  const { user, system } = process.cpuUsage(before)
  const { scenario, accepted, faultCounts, endedAtMs, finishedAtMs, faultsEndedAtMs, happened } = evidence
  return {
    seed,
    violations,
    lastLines: linesBefore(evidence, violations[0]),
    notices: scenario.notices.length,
    recipients: scenario.notices.reduce((sum, { people }) => sum + people.length, 0),
    messages: accepted.length,
    happenings: happened,
    virtualMs: endedAtMs - START_MS,
    livenessMs: Math.max(0, finishedAtMs - Math.max(faultsEndedAtMs, START_MS + quotaFreeAfterMs(scenario.account))),
    processorMs: (user + system) / 1000,
    faults: faultCounts,
  }
}

function linesBefore({ history }: Evidence, violation: Violation | undefined): readonly string[] {
  if (violation === undefined) return []
  return history.entries
    .filter(({ atMs }) => atMs <= violation.atMs)
    .slice(-LAST_LINES)
    .map(traceLine)
}

/** Runs one seed, prints all that happened, and gives the number of violations. */
export async function simulateOne(seed: string, print: Print): Promise<number> {
  const evidence = await runSeed(seed)
  for (const entry of evidence.history.entries) print(traceLine(entry))
  const violations = violationsIn(evidence)
  const { notices, ...scenario } = evidence.scenario
  print(
    `scenario ${JSON.stringify({ ...scenario, notices: notices.map(({ people, ...rest }) => ({ ...rest, people: people.length })) })}`,
  )
  for (const violation of violations) print(describeViolation(violation))
  print(`seed ${seed}: ${violations.length} violations, trace ${traceHash(evidence.history)}`)
  return violations.length
}

export function describeViolation({ checker, atMs, what }: Violation): string {
  return `VIOLATION of "${checker}" at ${((atMs - START_MS) / 1000).toFixed(3)} s: ${what}`
}
