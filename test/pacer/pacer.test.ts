import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveIntervalUs, grantRate, nextSlots, slotsToReserve } from '../../functions/pacer/gcra.ts'
import { createPacer } from '../../functions/pacer/pacer.ts'
import type { PacerState } from '../../functions/pacer/pacer-store.ts'
import { memoryPacerStore } from '../memory/memory-pacer-store.ts'
import { virtualClock } from '../memory/virtual-clock.ts'
import { overlaps } from './slots.ts'

const START_US = 1_800_000_000_000_000
const rates = fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.double({ min: 0.1, max: 20_000, noNaN: true }))

function taken(state: PacerState, advanceUs: number, startUs: number): PacerState {
  return { ...state, tatUs: startUs + advanceUs }
}

describe('Slots', () => {
  it('are used up without a gap by senders that always want more, at the granted rate less 0.1 % at most', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 100 }), (rate, needed) => {
        let state = grantRate(undefined, rate, START_US)
        let given = 0
        for (let n = 0; n < 50; n++) {
          const { window, advanceUs } = nextSlots(state, needed, START_US)
          expect(window.startUs).toBe(state.tatUs)
          state = taken(state, advanceUs, window.startUs)
          given += window.slots
        }
        const seconds = (state.tatUs - START_US) / 1_000_000
        expect(given).toBeLessThanOrEqual(rate * seconds + 1e-3)
        // A tat is whole: each window loses less than a microsecond, which is little of any that lasts a millisecond.
        const windowUs = (given / 50 / rate) * 1_000_000
        expect(given / (rate * seconds)).toBeGreaterThanOrEqual(1 - Math.max(0.001, 1 / windowUs))
      }),
      { numRuns: 1_000 },
    )
  })

  it('are about a second of the pace at a time, at least one, at most what is needed', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 100 }), (rate, needed) => {
        const slots = slotsToReserve(needed, 1_000_000 / rate)
        expect(slots).toBe(Math.max(1, Math.min(needed, Math.floor(rate + 1e-6))))
      }),
    )
    for (let rate = 1; rate <= 100; rate++) expect(slotsToReserve(100, 1_000_000 / rate)).toBe(rate)
    expect(slotsToReserve(100, 1_000_000 / 0.1)).toBe(1)
  })

  it('stay apart when many senders reserve at the same moment', async () => {
    const clock = virtualClock()
    const store = memoryPacerStore()
    await createPacer(store, clock).grant(200)
    const windows = await Promise.all(Array.from({ length: 20 }, () => createPacer(store, clock).reserve(30)))
    expect(windows.reduce((sum, { slots }) => sum + slots, 0)).toBe(600)
    expect(overlaps(windows)).toEqual([])
    expect((await store.read())?.tatUs).toBe(START_US + 3_000_000)
  })

  it('are not given out before a rate has been granted, and no rate of nothing is', async () => {
    const pacer = createPacer(memoryPacerStore(), virtualClock())
    await expect(pacer.reserve(1)).rejects.toMatchObject({ code: 'pacer-without-rate' })
    await pacer.throttled()
    await expect(pacer.reserve(1)).rejects.toMatchObject({ code: 'pacer-without-rate' })
    await expect(pacer.grant(0)).rejects.toMatchObject({ code: 'rate-not-positive' })
    await expect(pacer.grant(Number.NaN)).rejects.toMatchObject({ code: 'rate-not-positive' })
  })
})

describe('A granted rate', () => {
  const granted = grantRate(undefined, 500, START_US)

  it('that is read again changes nothing', () => {
    expect(grantRate(granted, 500, START_US + 7, START_US + 9)).toBe(granted)
  })

  it('holds from the next slot on when it falls, also under slots that reach into the future', () => {
    const busy = { ...granted, tatUs: START_US + 3_000_000 }
    const lower = grantRate(busy, 250, START_US)
    expect(lower).toMatchObject({ tatUs: busy.tatUs, baseIntervalUs: 4_000 })
    expect(effectiveIntervalUs(lower, lower.tatUs)).toBe(4_000)
  })

  it('keeps the pace of before until another pacer is done with what it lost', () => {
    const higher = grantRate(granted, 1_000, START_US, START_US + 2_000_000)
    expect(effectiveIntervalUs(higher, START_US + 1_999_999)).toBe(2_000)
    expect(effectiveIntervalUs(higher, START_US + 2_000_000)).toBe(1_000)
  })

  it('that rises again while a rise is still to come, waits for the later of both', () => {
    const once = grantRate(granted, 1_000, START_US, START_US + 2_000_000)
    const twice = grantRate(once, 2_000, START_US, START_US + 1_000_000)
    expect(effectiveIntervalUs(twice, START_US + 1_999_999)).toBe(2_000)
    expect(effectiveIntervalUs(twice, START_US + 2_000_000)).toBe(500)
    const lower = grantRate(twice, 250, START_US)
    expect(effectiveIntervalUs(lower, START_US)).toBe(4_000)
    expect(effectiveIntervalUs(grantRate(lower, 400, START_US), START_US + 1_999_999)).toBe(4_000)
  })

  it('may have been seen in an older state: that never makes slots closer', () => {
    const changes = fc.array(fc.record({ rate: rates, notBeforeUs: fc.nat(20_000_000) }))
    fc.assert(
      fc.property(changes, fc.nat(40_000_000), fc.nat(40_000_000), (steps, earlierUs, laterUs) => {
        let state = granted
        for (const { rate, notBeforeUs } of steps) state = grantRate(state, rate, START_US, START_US + notBeforeUs)
        const slowed = { ...state, slowedIntervalUs: 50_000, slowedFromUs: START_US + 5_000_000, recoveryUs: 9_000_000 }
        const [from, to] = earlierUs < laterUs ? [earlierUs, laterUs] : [laterUs, earlierUs]
        const [before, after] = [from, to].map(us => effectiveIntervalUs(slowed, START_US + us))
        expect(before).toBeGreaterThanOrEqual((after ?? 0) - 1e-6)
      }),
    )
  })
})

describe('A clock that is ahead', () => {
  it('by 50 ms costs 50 ms of slots once, for the pacer stays busy from then on', async () => {
    const clock = virtualClock()
    const store = memoryPacerStore()
    const right = createPacer(store, clock)
    const ahead = createPacer(store, { ...clock, now: () => clock.now() + 50 })
    await right.grant(1_000)
    await right.reserve(100)
    const windows = [await ahead.reserve(100), await right.reserve(100), await ahead.reserve(100)]
    expect(windows.map(({ startUs }) => startUs - START_US)).toEqual([100_000, 200_000, 300_000])
    await clock.drive(clock.sleep(400))
    expect((await ahead.reserve(100)).startUs - START_US).toBe(450_000)
    expect((await right.reserve(100)).startUs - START_US).toBe(550_000)
  })
})
