import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountForStop } from '../../functions/sender/call-times.ts'

describe('The account that a batch gives of a stop', () => {
  it('tells calls in flight from those that began after it', () => {
    const calls = [
      { beganAtMs: 0, endedAtMs: 90 },
      { beganAtMs: 50, endedAtMs: 150 },
      { beganAtMs: 60 },
      { beganAtMs: 130, endedAtMs: 200 },
      { beganAtMs: 444, endedAtMs: 500 },
    ]
    expect(accountForStop(calls, 3, 100)).toEqual({ run: 3, inFlight: 2, after: 2, lastCallAfterMs: 344 })
    expect(accountForStop([], 3, 100)).toEqual({ run: 3, inFlight: 0, after: 0 })
  })

  it('counts no call twice and forgets none that was not over', () => {
    const call = fc.record({ beganAtMs: fc.nat(1_000), tookMs: fc.nat(500) })
    fc.assert(
      fc.property(fc.array(call), fc.nat(1_000), (made, stoppedAtMs) => {
        const calls = made.map(({ beganAtMs, tookMs }) => ({ beganAtMs, endedAtMs: beganAtMs + tookMs }))
        const { inFlight, after } = accountForStop(calls, 1, stoppedAtMs)
        expect(inFlight + after).toBe(calls.filter(({ endedAtMs }) => endedAtMs > stoppedAtMs).length)
      }),
    )
  })
})
