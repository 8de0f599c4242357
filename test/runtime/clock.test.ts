import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fineTime, systemClock } from '../../functions/runtime/clock.ts'

describe('Time', () => {
  it('is that of the wall within a few milliseconds, whatever the process slept through, and however it is set', () => {
    const step = fc.record({
      passedMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
      frozenMs: fc.integer({ min: -1e5, max: 1e7 }),
    })
    fc.assert(
      fc.property(fc.array(step), steps => {
        let [wallMs, steadyMs] = [1_800_000_000_000, 12_345.678]
        const now = fineTime(
          () => Math.floor(wallMs),
          () => steadyMs,
        )
        for (const { passedMs, frozenMs } of steps) {
          steadyMs += passedMs
          wallMs += passedMs + frozenMs
          expect(Math.abs(now() - wallMs)).toBeLessThanOrEqual(6)
        }
      }),
    )
  })

  it('is finer than a millisecond while both go alike', () => {
    let steadyMs = 0
    const now = fineTime(
      () => Math.floor(1_800_000_000_000 + steadyMs),
      () => steadyMs,
    )
    const first = now()
    steadyMs += 0.25
    expect(now() - first).toBe(0.25)
  })

  it('is the same here', () => {
    const beforeMs = Date.now()
    const nowMs = systemClock.now()
    expect(nowMs).toBeGreaterThan(beforeMs - 10)
    expect(nowMs).toBeLessThan(Date.now() + 10)
  })
})
