import { effectiveIntervalUs } from './gcra.ts'
import type { PacerState } from './pacer-store.ts'

/**
 * What a throttle does to the pace. SES throttles what is granted when others send beside it, or when it allows less than it
 * says; how much is left shows only in what it refuses.
 *
 * The pace falls by a factor and comes back along a parabola: for long just below where it failed, then ever faster. A throttle
 * out of the blue is forgotten within seconds. One that comes back soon has a lasting cause, and each doubles the time of the
 * recovery, up to half a minute less a margin, so that the granted rate is tried seldom and yet is back in time.
 */

const SLOWDOWN = 1.1
/** The pace falls to this share of the granted rate at the least. */
const LEAST_SHARE = 1 / 16
/** Slots that were given out before the pace fell are still throttled, and their answers take their time. */
const ANSWER_US = 500_000
const FIRST_RECOVERY_US = 3_000_000
const LONGEST_RECOVERY_US = 27_000_000
/** A throttle within this time of the one before has the same cause. */
const LASTING_US = 60_000_000

/** The state after SES throttled a call; the same state when that call had its slot before the pace fell. */
export function slowDown(state: PacerState, nowUs: number): PacerState {
  const { tatUs, revision, baseIntervalUs, slowedFromUs, recoveryUs } = state
  if (nowUs < slowedFromUs + ANSWER_US) return state
  const lasting = nowUs - slowedFromUs < LASTING_US
  return {
    ...state,
    revision: revision + 1,
    throttledAtUs: nowUs,
    slowedIntervalUs: Math.min(baseIntervalUs / LEAST_SHARE, effectiveIntervalUs(state, nowUs) * SLOWDOWN),
    slowedFromUs: Math.max(tatUs, nowUs),
    recoveryUs: lasting ? Math.min(LONGEST_RECOVERY_US, 2 * recoveryUs) : FIRST_RECOVERY_US,
  }
}
