import { expect, it } from 'vitest'
import { violationsIn } from './checkers/all.ts'
import { type FaultFamily, familyNames, faultFamilies } from './faults.ts'
import { traceHash } from './history.ts'
import { runSeed } from './run-seed.ts'

const seeds = Array.from({ length: 12 }, (_, index) => String(index + 1))

it.each(seeds.slice(0, 4))('seed %s happens the same way twice', async seed => {
  const [first, second] = [await runSeed(seed), await runSeed(seed)]
  expect(traceHash(second.history)).toBe(traceHash(first.history))
  expect(second.history.entries.length).toBeGreaterThan(100)
})

it('another seed is another world', async () => {
  expect(traceHash((await runSeed('1')).history)).not.toBe(traceHash((await runSeed('2')).history))
})

it.each(seeds)('seed %s keeps every promise', async seed => {
  expect(violationsIn(await runSeed(seed))).toEqual([])
})

/** What happens rarely, since it stops everything, happens more often here. */
const often = { ...faultFamilies, 'ses-paused': 0.02, 'ses-quota': 0.02, 'dynamodb-unreachable': 0.01 }

it('every kind of fault happens', async () => {
  const fired = new Set<FaultFamily>()
  for (let seed = 1; seed <= 40 && fired.size < familyNames.length; seed++) {
    const { faultCounts } = await runSeed(`every kind/${seed}`, {
      change: scenario => ({ ...scenario, weights: often, safetyMs: 120_000 }),
    })
    for (const family of familyNames) if ((faultCounts[family] ?? 0) > 0) fired.add(family)
  }
  expect(familyNames.filter(family => !fired.has(family))).toEqual([])
})

it('without faults nothing is sent again, nothing waits, and nobody is left out', async () => {
  const { accepted, operated, faultCounts, scenario } = await runSeed('calm', {
    change: drawn => ({ ...drawn, weights: {} }),
  })
  expect(faultCounts).toEqual({})
  expect(operated.map(({ finished }) => finished)).not.toContain(false)
  expect(accepted.map(({ to }) => to).sort()).toEqual(
    scenario.notices.flatMap(({ people }) => people.map(({ address }) => address)).sort(),
  )
})
