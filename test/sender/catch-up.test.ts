import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limitCatchUp } from '../../functions/sender/catch-up.ts'

/** When calls begin whose slots are so far apart, while nothing happens in the given times, by a timer that ticks. */
function callTimes(
  slots: number,
  intervalMs: number,
  stalls: readonly { fromMs: number; forMs: number }[],
  tickMs?: number,
): number[] {
  const catchUp = limitCatchUp()
  const times: number[] = []
  let nowMs = 0
  const wait = (untilMs: number) => {
    if (untilMs > nowMs) nowMs = tickMs === undefined ? untilMs : Math.ceil(untilMs / tickMs) * tickMs
    for (const { fromMs, forMs } of stalls) if (nowMs >= fromMs && nowMs < fromMs + forMs) nowMs = fromMs + forMs
  }
  for (let slot = 0; slot < slots; slot++) {
    wait(Math.max(slot * intervalMs, catchUp.notBeforeMs()))
    if (nowMs - slot * intervalMs > 45) continue
    times.push(nowMs)
    catchUp.began(nowMs, intervalMs)
  }
  return times
}

const intervalMs = fc.double({ min: 0.2, max: 100, noNaN: true })
const stalls = fc.array(fc.record({ fromMs: fc.nat(3_000), forMs: fc.nat(60) }), { maxLength: 20 })

describe('A sender that is held up', () => {
  it('makes no burst of its late slots: it never goes faster than twice the pace, but for five milliseconds', () => {
    fc.assert(
      fc.property(intervalMs, stalls, (interval, held) => {
        const times = callTimes(300, interval, held)
        for (let first = 0; first < times.length; first++) {
          for (let last = first + 1; last < Math.min(times.length, first + 60); last++) {
            const spanMs = (times[last] ?? 0) - (times[first] ?? 0)
            expect(last - first).toBeLessThanOrEqual((2 * (spanMs + 5)) / interval + 1)
          }
        }
      }),
    )
  })

  it('uses every slot also by a timer that is coarser than its slots', () => {
    expect(callTimes(1_000, 0.2, [], 1)).toHaveLength(1_000)
    expect(callTimes(1_000, 0.2, [], 4)).toHaveLength(1_000)
  })

  it('uses every slot on time, where nothing holds it up', () => {
    fc.assert(
      fc.property(intervalMs, interval => {
        expect(callTimes(200, interval, [])).toEqual(Array.from({ length: 200 }, (_, slot) => slot * interval))
      }),
    )
  })
})
