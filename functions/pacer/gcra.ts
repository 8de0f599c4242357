import { Defect } from '../runtime/defect.ts'
import type { PacerState } from './pacer-store.ts'
import { recoveringIntervalUs } from './slow-down.ts'

/**
 * The generic cell rate algorithm: one number, the theoretical arrival time, stands for every slot given out so far. All times
 * and intervals in microseconds. Pure: state and time in, decision out.
 *
 * Law: a slot that begins at t has the time until t + interval to itself, and the interval is never less than that of the rate
 * granted for t when it was given out. So no second has more slots than the rate (rounded up), whatever the senders' clocks say;
 * calls follow slots by the clock of their sender, and clocks that differ by 50 ms let 1.05 s worth of calls into a second.
 * A lower rate holds for slots given out from then on; those given out before keep their time.
 */

/** Consecutive slots: the i-th call may start at `startUs + i * intervalUs`. */
export interface Window {
  readonly startUs: number
  readonly intervalUs: number
  readonly slots: number
}

export interface Reservation {
  readonly window: Window
  /** How far it moves the tat: its slots, and less than a microsecond more, for a tat is whole. */
  readonly advanceUs: number
}

/** Products of doubles: what is a whole number but for the last digits is taken for it. */
const ROUNDING = 1e-6

export function intervalOf(ratePerSecond: number): number {
  if (!(ratePerSecond > 0)) throw new Defect('rate-not-positive', `A pacer cannot be granted ${ratePerSecond} a second`)
  return 1_000_000 / ratePerSecond
}

/** The interval of a slot that begins then: never less for an earlier one, so that a tat that was seen is a safe guess. */
export function effectiveIntervalUs(state: PacerState, slotUs: number): number {
  const { baseIntervalUs, formerIntervalUs, formerUntilUs } = state
  const grantedUs = slotUs < formerUntilUs ? Math.max(baseIntervalUs, formerIntervalUs) : baseIntervalUs
  return Math.max(grantedUs, recoveringIntervalUs(state, grantedUs, slotUs))
}

/** How many slots a sender takes at a time: about a second's worth, at least one, at most what it needs. */
export function slotsToReserve(needed: number, intervalUs: number): number {
  return Math.max(1, Math.min(needed, Math.floor(1_000_000 / intervalUs + ROUNDING)))
}

/** The next slots as far as `state` tells; they begin later when others have taken some since. */
export function nextSlots(state: PacerState, needed: number, nowUs: number): Reservation {
  const startUs = Math.max(state.tatUs, nowUs)
  const intervalUs = effectiveIntervalUs(state, startUs)
  const slots = slotsToReserve(needed, intervalUs)
  return { window: { startUs, intervalUs, slots }, advanceUs: Math.ceil(slots * intervalUs - ROUNDING) }
}

/**
 * The state under a granted rate that was just read; the same state when the rate is unchanged. Where the rate rises at the cost
 * of another pacer, slots before `notBeforeUs`, the end of what that one gave out at its old rate, keep the interval of before.
 */
export function grantRate(
  state: PacerState | undefined,
  ratePerSecond: number,
  nowUs: number,
  notBeforeUs = 0,
): PacerState {
  const baseIntervalUs = intervalOf(ratePerSecond)
  if (state === undefined) {
    const tatUs = Math.max(nowUs, Math.ceil(notBeforeUs))
    return { ...firstPace, tatUs, pacedFromUs: tatUs, baseIntervalUs }
  }
  if (state.baseIntervalUs === baseIntervalUs) return state
  const after = { ...state, revision: state.revision + 1, baseIntervalUs }
  if (baseIntervalUs > state.baseIntervalUs) return after
  // A rise that is still to come is put off to the later of both.
  return {
    ...after,
    formerIntervalUs: effectiveGrantUs(state),
    formerUntilUs: Math.max(state.formerUntilUs, Math.ceil(notBeforeUs)),
  }
}

function effectiveGrantUs({ tatUs, baseIntervalUs, formerIntervalUs, formerUntilUs }: PacerState): number {
  return tatUs < formerUntilUs ? Math.max(baseIntervalUs, formerIntervalUs) : baseIntervalUs
}

const firstPace = {
  revision: 1,
  formerIntervalUs: 0,
  formerUntilUs: 0,
  throttledAtUs: 0,
  slowedIntervalUs: 0,
  slowedFromUs: 0,
  recoveryUs: 0,
}
