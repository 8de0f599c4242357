import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { measuredAt, measuredUsage } from '../functions/cost/measured-usage.ts'
import { rooms, type UsageAtRate, usageAt } from '../functions/cost/usage.ts'
import { readAssembly } from '../local/template/read-deployment.ts'
import { synthesise } from '../local/template/synthesise.ts'
import { differences } from './cost/differences.ts'
import { compareLive } from './cost/live-comparison.ts'
import { type MeasuredUsage, measureUsage } from './cost/measure-usage.ts'
import { readCostOptions } from './cost/options.ts'
import { costPage } from './cost/page.ts'
import { type MemoryOfRooms, usageOfCase } from './cost/usage-of-case.ts'
import { performanceCases } from './performance/cases.ts'
import { presentCommit } from './performance/kept-results.ts'
import { runCase } from './performance/run-case.ts'

const MEASURED = fileURLToPath(new URL('../functions/cost/measured-usage.ts', import.meta.url))
const PAGE = fileURLToPath(new URL('../docs/cost.md', import.meta.url))

/**
 * `npm run bench:cost`: sends notices in virtual time, counts every call of every service, and writes what one recipient takes
 * (functions/cost/measured-usage.ts) and what that costs (docs/cost.md), beside what it takes on the local stack; with `--live` only
 * that is counted anew. With `--check` a small notice is held against what was
 * written instead: 0 where it still holds, 1 where it does not.
 */
async function main(args: readonly string[]): Promise<0 | 1> {
  const { check, live } = readCostOptions(args)
  const memoryMb = await readMemory()
  if (check) return hold(await measure(CHECKED, memoryMb))
  const [measured, commit] = live ? [measuredUsage, measuredAt] : [await measureAll(memoryMb), presentCommit()]
  if (!live) writeFileSync(MEASURED, sourceOf(measured, commit))
  const comparison = compareLive(usageAt(measured, LIVE.ratePerSecond), await measureLive(), memoryMb)
  writeFileSync(PAGE, costPage(measured, commit, comparison))
  return 0
}

interface Measurement {
  readonly ratePerSecond: number
  readonly recipients: number
}

/** Long enough for what comes each minute to weigh what it does in a long notice. */
const MEASUREMENTS: readonly Measurement[] = [
  { ratePerSecond: 14, recipients: 25_200 },
  { ratePerSecond: 200, recipients: 60_000 },
  { ratePerSecond: 1_000, recipients: 100_000 },
  { ratePerSecond: 5_000, recipients: 150_000 },
]
const CHECKED: Measurement = { ratePerSecond: 200, recipients: 12_000 }
/** On the local stack, in real time. */
const LIVE: Measurement = { ratePerSecond: 200, recipients: 6_000 }

async function measureAll(memoryMb: MemoryOfRooms): Promise<readonly UsageAtRate[]> {
  const measured: UsageAtRate[] = []
  for (const one of MEASUREMENTS) {
    measured.push(await measure(one, memoryMb))
    console.log(JSON.stringify(measured.at(-1)))
  }
  return measured
}

async function measureLive(): Promise<MeasuredUsage> {
  const directory = await mkdtemp(path.join(tmpdir(), 'onlyto-cost-live-'))
  try {
    return await measureUsage(LIVE.ratePerSecond, LIVE.recipients, directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function measure({ ratePerSecond, recipients }: Measurement, memoryMb: MemoryOfRooms): Promise<UsageAtRate> {
  const planned = performanceCases(recipients).find(one => one.table === 'plain' && one.ratePerSecond === ratePerSecond)
  if (planned === undefined) throw new RangeError(`There is no case at ${ratePerSecond}/s`)
  return usageOfCase(await runCase({ ...planned, metered: true }), memoryMb)
}

function hold(measured: UsageAtRate): 0 | 1 {
  const found = differences(usageAt(measuredUsage, measured.ratePerSecond), measured)
  for (const { what, written, now } of found) console.error(`${what}: written ${written}, measured ${now}`)
  console.log(found.length === 0 ? 'What a recipient takes of each service is as written.' : 'Run npm run bench:cost.')
  return found.length === 0 ? 0 : 1
}

async function readMemory(): Promise<MemoryOfRooms> {
  const directory = await mkdtemp(path.join(tmpdir(), 'onlyto-cost-'))
  try {
    await synthesise({}, directory)
    const { functions } = readAssembly(directory, 'eu-west-1')
    const memoryOf = (room: string) => functions.find(one => one.room === room)?.memoryMb ?? Number.NaN
    const [api, audience, dispatcher, sender, feedback] = rooms.map(memoryOf)
    return {
      api: api ?? 0,
      audience: audience ?? 0,
      dispatcher: dispatcher ?? 0,
      sender: sender ?? 0,
      feedback: feedback ?? 0,
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** As the formatter has it. */
function sourceOf(measured: readonly UsageAtRate[], commit: string): string {
  const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)
  const literal = JSON.stringify(measured, rounded, 2)
    .replaceAll(/"(\w+)":/g, '$1:')
    .replaceAll(/([^,{[])\n/g, '$1,\n')
  return `import type { UsageAtRate } from './usage.ts'

/** What one recipient takes of each service, counted by \`npm run bench:cost\`, which writes this file. */
export const measuredUsage: readonly UsageAtRate[] = ${literal}

export const measuredAt = '${commit}'
`
}

process.exitCode = await main(process.argv.slice(2))
