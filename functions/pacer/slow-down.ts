import type { PacerState } from './pacer-store.ts'

/**
 * What a throttle does to the pace. SES throttles what is granted when others send beside it, or when it allows less than it
 * says; how much is left shows only in what it refuses.
 *
 * The pace falls by a factor and comes back: at a creep at first, just below where it failed, then along a parabola, ever
 * faster. A throttle out of the blue is forgotten within seconds. One that comes back soon has a lasting cause, and each doubles
 * the time of the recovery, up to half a minute less a margin, so that the granted rate is tried seldom and yet is back in time.
 */

const SLOWDOWN = 1.07
/** The pace falls to this share of the granted rate at the least. */
const LEAST_SHARE = 1 / 16
const FIRST_RECOVERY_US = 3_000_000
const LONGEST_RECOVERY_US = 27_000_000
/** Of the granted rate, a second: little enough to be below 1 % of throttles, enough to outweigh a burst every few seconds. */
const CREEP_PER_SECOND = 0.007
/** At the least, in recipients a second: of a low rate the bucket holds so few that it refuses by chance. */
const LEAST_CREEP = 0.3
/** A lasting cause shows again within two recoveries and this, the time in which SES's bucket of a tenth of a second runs dry. */
const DRAIN_US = 5_000_000
/** Slots that were given out before the pace fell are still throttled, and their answers take their time. */
const ANSWER_US = 500_000
/** Where slots were given out for longer than this, the recovery begins before the pace falls. */
const LONGEST_LEAD_US = 2_000_000

/** The interval that the last throttle leaves to a slot, under a granted one; the granted one when it is over. */
export function recoveringIntervalUs(state: PacerState, grantedUs: number, slotUs: number): number {
  const { slowedIntervalUs, slowedFromUs, recoveryUs } = state
  const sinceUs = Math.max(0, slotUs - slowedFromUs)
  if (slowedIntervalUs <= grantedUs || sinceUs >= recoveryUs) return grantedUs
  const [slowed, granted] = [1 / slowedIntervalUs, 1 / grantedUs]
  const parabola = (granted - slowed) * (sinceUs / recoveryUs) ** 2
  const creep = Math.max(granted * CREEP_PER_SECOND, LEAST_CREEP / 1_000_000) * (sinceUs / 1_000_000)
  return 1 / Math.min(granted, slowed + Math.max(parabola, creep))
}

/** The state after SES throttled a call; the same state when that call may have had its slot before the pace last changed. */
export function slowDown(state: PacerState, nowUs: number): PacerState {
  const { tatUs, revision, pacedFromUs, baseIntervalUs, throttledAtUs, recoveryUs } = state
  if (nowUs < pacedFromUs + ANSWER_US) return state
  const lasting = throttledAtUs > 0 && nowUs - throttledAtUs < 2 * recoveryUs + DRAIN_US
  const paceUs = recoveringIntervalUs(state, baseIntervalUs, nowUs)
  return {
    ...state,
    revision: revision + 1,
    throttledAtUs: nowUs,
    slowedIntervalUs: Math.min(baseIntervalUs / LEAST_SHARE, paceUs * SLOWDOWN),
    slowedFromUs: Math.min(Math.max(tatUs, nowUs), nowUs + LONGEST_LEAD_US),
    recoveryUs: lasting ? Math.min(LONGEST_RECOVERY_US, 2 * recoveryUs) : FIRST_RECOVERY_US,
  }
}
