import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  effectiveIntervalUs,
  grantRate,
  intervalOf,
  reserve,
  slotsToReserve,
  slowDown,
} from '../../functions/pacer/gcra.ts'
import { createPacer } from '../../functions/pacer/pacer.ts'
import type { PacerState } from '../../functions/pacer/pacer-store.ts'
import { memoryPacerStore } from '../memory/memory-pacer-store.ts'
import { virtualClock } from '../memory/virtual-clock.ts'

const START_US = 1_800_000_000_000_000
const rates = fc.integer({ min: 1, max: 5_000 })

describe('Slots', () => {
  it('never overlap, never lie in the past, and never exceed the granted rate', () => {
    const asks = fc.array(fc.record({ waitUs: fc.nat(3_000_000), needed: fc.integer({ min: 1, max: 100 }) }), {
      minLength: 1,
    })
    fc.assert(
      fc.property(rates, asks, (rate, steps) => {
        let state = grantRate(undefined, rate, START_US)
        let nowUs = START_US
        let lastEndUs = START_US
        for (const { waitUs, needed } of steps) {
          nowUs += waitUs
          const { after, window } = reserve(state, slotsToReserve(needed, state), nowUs)
          expect(window.startUs).toBeGreaterThanOrEqual(Math.max(nowUs, lastEndUs))
          expect(window.intervalUs).toBeGreaterThanOrEqual(1_000_000 / rate)
          expect(window.slots).toBeLessThanOrEqual(Math.max(1, rate))
          lastEndUs = window.startUs + window.slots * window.intervalUs
          expect(after.tatUs).toBe(lastEndUs)
          state = after
        }
      }),
    )
  })

  it('are used up without a gap by senders that always want more', () => {
    const state = grantRate(undefined, 500, START_US)
    const first = reserve(state, 100, START_US)
    const second = reserve(first.after, 100, START_US + 50_000)
    expect(second.window.startUs).toBe(first.window.startUs + 100 * 2_000)
  })

  it('stay apart when many senders reserve at the same moment', async () => {
    const clock = virtualClock()
    const store = memoryPacerStore()
    await createPacer(store, clock).grant(200)
    const windows = await Promise.all(Array.from({ length: 20 }, () => createPacer(store, clock).reserve(30)))
    const starts = windows.flatMap(({ startUs, intervalUs, slots }) =>
      Array.from({ length: slots }, (_, n) => startUs + n * intervalUs),
    )
    starts.sort((a, b) => a - b)
    expect(starts).toHaveLength(600)
    for (let n = 1; n < starts.length; n++)
      expect((starts[n] ?? 0) - (starts[n - 1] ?? 0)).toBeGreaterThanOrEqual(5_000)
  })

  it('are not given out before a rate has been granted', async () => {
    await expect(createPacer(memoryPacerStore(), virtualClock()).reserve(1)).rejects.toMatchObject({
      code: 'pacer-without-rate',
    })
  })
})

describe('The pace', () => {
  const granted: PacerState = { tatUs: START_US, intervalUs: 2_000, baseIntervalUs: 2_000, throttledAtUs: 0 }

  it('slows down by a step at a throttle, once for a burst of them', () => {
    const slowed = slowDown(granted, START_US)
    expect(slowed.intervalUs).toBe(2_300)
    expect(slowDown(slowed, START_US + 400_000)).toBe(slowed)
    expect(slowDown(slowed, START_US + 600_000).intervalUs).toBeGreaterThan(2_300)
  })

  it('is back at the granted rate within 20 s of the last throttle, whatever came before', () => {
    const throttles = fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(rates, throttles, (rate, gapsUs) => {
        let state = grantRate(undefined, rate, START_US)
        let nowUs = START_US
        for (const gapUs of gapsUs) {
          nowUs += gapUs
          const slowed = slowDown(state, nowUs)
          expect(slowed.intervalUs).toBeGreaterThanOrEqual(state.baseIntervalUs)
          expect(slowed.intervalUs).toBeLessThanOrEqual(16 * state.baseIntervalUs)
          state = slowed
        }
        expect(effectiveIntervalUs(state, nowUs + 20_000_000)).toBe(state.baseIntervalUs)
      }),
    )
  })

  it('follows a change of the quota at once, and keeps a slow-down that is still in force', () => {
    expect(grantRate(granted, 250, START_US)).toMatchObject({ baseIntervalUs: 4_000, intervalUs: 4_000 })
    const slowed = slowDown(granted, START_US)
    expect(grantRate(slowed, 1_000, START_US + 1)).toMatchObject({ baseIntervalUs: 1_000, intervalUs: 2_300 })
    expect(grantRate(granted, 500, START_US)).toBe(granted)
  })

  it('rounds an interval up, so that the rate is never exceeded', () => {
    fc.assert(
      fc.property(rates, rate => {
        expect(intervalOf(rate) * rate).toBeGreaterThanOrEqual(1_000_000)
      }),
    )
  })
})
