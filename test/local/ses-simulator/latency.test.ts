import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawLatencyMs } from '../../../local/ses-simulator/limits/latency.ts'
import { seededUniform } from '../../../local/ses-simulator/limits/seeded-random.ts'

const DRAWS = 20_000

function drawMany(latencyMedianMs: number, latencyP99Ms: number, seed: number): number[] {
  const uniform = seededUniform(seed)
  return Array.from({ length: DRAWS }, () => drawLatencyMs({ latencyMedianMs, latencyP99Ms }, uniform))
}

test('median and 99th percentile are those of the settings, for any seed', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 10 }),
      (seed, median, ratio) => {
        const draws = drawMany(median, median * ratio, seed).toSorted((a, b) => a - b)
        const at = (share: number) => draws[Math.floor(share * DRAWS)] ?? 0
        expect(at(0.5) / median).toBeCloseTo(1, 0.8)
        expect(at(0.99) / (median * ratio)).toBeGreaterThan(0.8)
        expect(at(0.99) / (median * ratio)).toBeLessThan(1.25)
      },
    ),
    { numRuns: 20 },
  )
})

test('the same seed gives the same latencies, another seed others', () => {
  expect(drawMany(80, 400, 7)).toEqual(drawMany(80, 400, 7))
  expect(drawMany(80, 400, 7)).not.toEqual(drawMany(80, 400, 8))
})

test('a median of zero is no latency at all', () => {
  expect(drawLatencyMs({ latencyMedianMs: 0, latencyP99Ms: 0 }, seededUniform(1))).toBe(0)
})
