import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slotsBetween, withRate } from '../../functions/pacer/granted-rates.ts'

const START_MS = 1_800_000_000_000
const rates = [
  { atMs: START_MS, ratePerSecond: 14 },
  { atMs: START_MS + 10_000, ratePerSecond: 200 },
  { atMs: START_MS + 20_000, ratePerSecond: 0 },
]

describe('The changes of the rate', () => {
  it('are those that somebody could notice: the last digits of a sum are none', () => {
    const before = [{ atMs: START_MS, ratePerSecond: 900 }]
    expect(withRate(before, 899.999_999_999_999_9, START_MS + 5_000)).toBe(before)
    expect(withRate(before, 899.9, START_MS + 5_000)).toHaveLength(2)
    expect(withRate(before, 0, START_MS + 5_000)).toHaveLength(2)
  })
})

describe('The slots that were granted', () => {
  it('are counted at the rate of each time', () => {
    expect(slotsBetween(rates, START_MS + 5_000, START_MS + 11_000)).toBeCloseTo(5 * 14 + 200)
    expect(slotsBetween(rates, START_MS + 5_000, START_MS + 99_000)).toBeCloseTo(5 * 14 + 2_000)
    expect(slotsBetween(rates, START_MS + 1_000, START_MS + 2_000)).toBeCloseTo(14)
  })

  it('are unknown before anything was recorded, but for the minute in which the rate was not read', () => {
    expect(slotsBetween([], START_MS, START_MS + 1)).toBeUndefined()
    expect(slotsBetween(rates, START_MS - 60_001, START_MS + 1)).toBeUndefined()
    expect(slotsBetween(rates, START_MS - 60_000, START_MS)).toBeCloseTo(60 * 14)
  })

  it('between two moments are those up to any moment between and those from it on', () => {
    const steps = fc.array(fc.tuple(fc.nat(100_000), fc.float({ min: 0, max: 10_000, noNaN: true })), { minLength: 1 })
    const moments = fc.tuple(fc.nat(500_000), fc.nat(500_000), fc.nat(500_000))
    fc.assert(
      fc.property(steps, moments, (changes, points) => {
        let nowMs = START_MS
        const known = changes.reduce<ReturnType<typeof withRate>>((before, [waitMs, rate]) => {
          nowMs += waitMs
          return withRate(before, rate, nowMs)
        }, [])
        const first = known[0]?.atMs ?? START_MS
        const [a = 0, b = 0, c = 0] = points.map(point => first + point).sort((x, y) => x - y)
        const whole = slotsBetween(known, a, c) ?? Number.NaN
        const parts = (slotsBetween(known, a, b) ?? Number.NaN) + (slotsBetween(known, b, c) ?? Number.NaN)
        expect(Math.abs(whole - parts)).toBeLessThanOrEqual(1e-6 * (1 + whole))
      }),
    )
  })
})
