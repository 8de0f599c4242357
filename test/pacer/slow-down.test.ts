import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveIntervalUs, grantRate } from '../../functions/pacer/gcra.ts'
import { slowDown } from '../../functions/pacer/slow-down.ts'
import { type SecondOfSending, sendBesideOthers } from './shared-account.ts'

const START_US = 1_800_000_000_000_000
const granted = grantRate(undefined, 500, START_US - 10_000_000)

describe('A throttle', () => {
  it('slows the pace once for the calls whose slots were given out before', () => {
    const ahead = { ...granted, tatUs: START_US + 800_000 }
    const slowed = slowDown(ahead, START_US)
    expect(slowed.slowedIntervalUs).toBeCloseTo(2_000 * 1.07)
    const inStore = { ...slowed, pacedFromUs: ahead.tatUs }
    expect(slowDown(inStore, START_US + 1_299_999)).toBe(inStore)
    expect(slowDown(inStore, START_US + 1_300_000).slowedIntervalUs).toBeGreaterThan(2_000 * 1.07)
  })

  it('is over within 29 s, whatever came before; until then the pace is between the granted one and a sixteenth of it', () => {
    const throttles = fc.array(
      fc.record({
        waitUs: fc.oneof(fc.integer({ min: 1, max: 90_000_000 }), fc.constant(1_000_000)),
        aheadUs: fc.nat(60_000_000),
      }),
      { minLength: 1, maxLength: 80, size: 'max' },
    )
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 20_000, noNaN: true }), throttles, (rate, steps) => {
        let state = grantRate(undefined, rate, START_US - 10_000_000)
        let nowUs = START_US
        for (const { waitUs, aheadUs } of steps) {
          nowUs += waitUs
          state = slowDown({ ...state, tatUs: nowUs + aheadUs }, nowUs)
          expect(state.slowedIntervalUs).toBeGreaterThan(state.baseIntervalUs)
          expect(state.slowedIntervalUs).toBeLessThanOrEqual(16 * state.baseIntervalUs)
          for (const laterUs of [0, 1, 5e6, 20e6]) {
            const intervalUs = effectiveIntervalUs(state, nowUs + laterUs)
            expect(intervalUs).toBeGreaterThanOrEqual(state.baseIntervalUs)
            expect(intervalUs).toBeLessThanOrEqual(16 * state.baseIntervalUs * (1 + 1e-9))
          }
        }
        expect(effectiveIntervalUs(state, nowUs + 29_000_000)).toBe(state.baseIntervalUs)
      }),
    )
  })

  it('again and again slows the pace to a sixteenth, and no further', () => {
    let state = granted
    for (let n = 0; n < 200; n++) state = slowDown(state, START_US + n * 300_000)
    expect(state.slowedIntervalUs).toBe(16 * granted.baseIntervalUs)
  })

  it('costs less than a seventh of a second of slots when it comes out of the blue, and more each time that it comes back', () => {
    const lostSeconds = (state: typeof granted, fromUs: number) =>
      Array.from(
        { length: 3_000 },
        (_, n) => 1 - state.baseIntervalUs / effectiveIntervalUs(state, fromUs + n * 10_000),
      )
        .map(lost => lost / 100)
        .reduce((sum, lost) => sum + lost, 0)
    const first = slowDown(granted, START_US)
    const second = slowDown(first, START_US + 8_000_000)
    const late = slowDown(first, START_US + 12_000_000)
    expect(lostSeconds(first, START_US)).toBeLessThan(0.15)
    expect(lostSeconds(late, START_US + 12_000_000)).toBeCloseTo(lostSeconds(first, START_US))
    expect(lostSeconds(second, START_US + 8_000_000)).toBeGreaterThan(1.5 * lostSeconds(first, START_US))
  })
})

/** Others send from the 30th second on until the 330th. */
const BEGINS = 30
const ENDS = 330
const total = (seconds: readonly SecondOfSending[], what: 'accepted' | 'throttled') =>
  seconds.reduce((sum, second) => sum + second[what], 0)

function besideOthers(maxSendRate: number, senders: number, part: number) {
  const foreign = (second: number) => (second >= BEGINS && second < ENDS ? part * maxSendRate : 0)
  const seconds = sendBesideOthers({ maxSendRate, senders, seconds: ENDS + 40, foreign, seed: 1 })
  const lasting = seconds.slice(BEGINS, ENDS)
  return {
    before: seconds.slice(0, BEGINS),
    used: total(lasting, 'accepted') / ((1 - part) * maxSendRate * (ENDS - BEGINS)),
    throttled: total(lasting, 'throttled') / (total(lasting, 'accepted') + total(lasting, 'throttled')),
    backAfterSeconds: seconds.findLastIndex(({ pace }) => pace < 0.99) + 1 - ENDS,
  }
}

describe('While others send with the account', () => {
  it.each([
    { maxSendRate: 200, senders: 4 },
    { maxSendRate: 1_000, senders: 4 },
    { maxSendRate: 1_000, senders: 10 },
    { maxSendRate: 5_000, senders: 40 },
  ])(
    'a fifth of $maxSendRate/s, $senders senders use 95 % of the rest, and less than 1 % of their calls are throttled',
    given => {
      const { before, used, throttled } = besideOthers(given.maxSendRate, given.senders, 0.2)
      expect(total(before, 'throttled')).toBe(0)
      expect(total(before, 'accepted')).toBeGreaterThanOrEqual(0.99 * given.maxSendRate * BEGINS)
      expect(used).toBeGreaterThanOrEqual(0.95)
      expect(throttled).toBeLessThan(0.01)
    },
  )

  it('a fifth of 14/s, which a bucket of two refuses by chance, nine tenths of the rest are used all the same', () => {
    const { used, throttled } = besideOthers(14, 2, 0.2)
    expect(used).toBeGreaterThanOrEqual(0.9)
    expect(throttled).toBeLessThan(0.08)
  })

  it.each([0.05, 0.2, 0.5, 0.9, 10])('%d of its rate, the pace is back at 0.99 within 30 s of their end', part => {
    expect(besideOthers(1_000, 10, part).backAfterSeconds).toBeLessThanOrEqual(30)
    expect(besideOthers(14, 3, part).backAfterSeconds).toBeLessThanOrEqual(30)
  })

  it('in a burst every seven seconds, the pace does not wear down', () => {
    const foreign = (second: number) => (second % 7 < 0.15 ? 3_000 : 0)
    const runs = [1, 2, 3].map(seed =>
      sendBesideOthers({ maxSendRate: 1_000, senders: 8, seconds: 200, foreign, seed }),
    )
    expect(total(runs.flat(), 'throttled')).toBeGreaterThan(300)
    expect(total(runs.flat(), 'accepted')).toBeGreaterThanOrEqual(0.95 * 600_000)
  })
})
