import { CommanderError } from 'commander'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { acceptanceFigures } from '../../bench/pace/acceptance-figures.ts'
import type { MeasuredPace } from '../../bench/pace/measure-pace.ts'
import { readPaceOptions } from '../../bench/pace/options.ts'
import { paceFaults, writePace } from '../../bench/pace/pace-report.ts'

/** As many acceptances as a second holds at this rate, for so many seconds, one a slot. */
const evenly = (ratePerSecond: number, seconds: number, fromMs = 0) =>
  Array.from({ length: ratePerSecond * seconds + 1 }, (_, slot) => fromMs + (slot * 1_000) / ratePerSecond)

test('one message in each slot is the whole rate, whatever the rate and the order in which they are told', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 5 }), (rate, seconds) => {
      const figures = acceptanceFigures(evenly(rate, seconds).toReversed(), rate)
      expect(figures?.utilisation).toBeCloseTo(1, 9)
      expect(figures?.seconds).toBeCloseTo(seconds, 9)
      expect(figures?.worstGapMs).toBeCloseTo(1_000 / rate, 6)
    }),
  )
})

test('every pause costs its share of the rate, and is the worst gap', () => {
  const withPause = [...evenly(100, 9), ...evenly(100, 1, 10_000)]
  const figures = acceptanceFigures(withPause, 100)
  expect(figures?.utilisation).toBeCloseTo(1_001 / 1_100, 6)
  expect(figures?.worstGapMs).toBeCloseTo(1_000, 6)
})

test('a burst shows in the most of any 100 ms, wherever it begins', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 20, max: 200 }), (burstAtMs, burst) => {
      const times = [...evenly(10, 5), ...Array.from({ length: burst }, (_, index) => burstAtMs + (index * 99) / burst)]
      const most = acceptanceFigures(times, 10)?.mostIn100Ms ?? 0
      expect(most).toBeGreaterThanOrEqual(burst)
      expect(most).toBeLessThanOrEqual(burst + 2)
    }),
  )
})

test('a spell of 100 ms holds a tenth of an even second, and not one more', () => {
  expect(acceptanceFigures(evenly(1_000, 3), 1_000)).toMatchObject({ mostIn100Ms: 100, mostInASecond: 1_000 })
})

test('of fewer than two moments there is nothing to tell', () => {
  expect(acceptanceFigures([], 10)).toBeUndefined()
  expect(acceptanceFigures([5], 10)).toBeUndefined()
  expect(acceptanceFigures([5, 5], 10)).toBeUndefined()
})

const pace = (utilisation: number, throttles = 0): MeasuredPace => ({
  ...{ rate: 500, recipients: 15_000, warmUp: 0, senders: undefined, throttles, reported: { utilisation: 0.98 } },
  seen: { accepted: 15_000, seconds: 30, utilisation, worstGapMs: 12, mostIn100Ms: 51, mostInASecond: 501 },
  ...{ busyShare: 0.5, perMessageMs: { sender: 0.9, ses: 0.3 } },
})

test('a ten-thousandth too little breaks the promise, and so does one throttle', () => {
  expect(paceFaults(pace(0.99), 0.99)).toEqual([])
  expect(paceFaults(pace(0.9899), 0.99)).toHaveLength(1)
  expect(paceFaults(pace(0.9899), 0.98)).toEqual([])
  expect(paceFaults(pace(1, 1), 0.99)).toEqual(['SES throttled'])
  expect(paceFaults({ ...pace(1), seen: undefined }, 0.99)).toHaveLength(1)
})

test('the line tells what SES saw beside what the report says, and what a message costs', () => {
  const line = writePace(pace(0.98994), 0.99)
  expect(line).toContain('utilisation 0.9899')
  expect(line).toContain('the report says 0.9800')
  expect(line).toContain('1.20 ms a message (sender 0.90, ses 0.30)')
  expect(line).toContain('cold')
  expect(line).toContain('BROKEN')
  expect(writePace({ ...pace(0.995), warmUp: 500 }, 0.99)).toMatch(/warmed up with 500.*kept$/)
})

test('rates come as a list, and what is no rate is refused', () => {
  expect(readPaceOptions([])).toMatchObject({ rates: [14, 100, 500, 1_000], seconds: 30, warmUp: 0, atLeast: 0.99 })
  expect(readPaceOptions(['--rates', '0.5,20'])).toMatchObject({ rates: [0.5, 20] })
  const quiet = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  for (const wrong of [
    ['--rates', '14,'],
    ['--rates', '14,fast'],
    ['--at-least', '1.1'],
    ['--warm-up', '0'],
  ]) {
    expect(() => readPaceOptions(wrong)).toThrow(CommanderError)
  }
  quiet.mockRestore()
})
