import type { PacerState } from './pacer-store.ts'

/**
 * The generic cell rate algorithm: one number, the theoretical arrival time, stands for every slot given out so far. All times
 * and intervals in microseconds. Pure: state and time in, decision out.
 */

/** Consecutive slots: the i-th call may start at `startUs + i * intervalUs`. */
export interface Window {
  readonly startUs: number
  readonly intervalUs: number
  readonly slots: number
}

/** A throttle slows the pace by this factor, so that one chance burst costs little and a lasting cause is met in steps … */
const SLOWDOWN = 1.15
/** … down to this share of the granted rate at the least … */
const LEAST_SHARE = 1 / 16
/** … once for all throttles of the same burst … */
const SAME_BURST_US = 500_000
/** … and each second without a throttle gives this share of the granted rate back: all of it within 20 s. */
const RECOVERY_PER_SECOND = 0.05

export function intervalOf(ratePerSecond: number): number {
  return Math.ceil(1_000_000 / ratePerSecond)
}

/** The interval in force: that of the last throttle, recovered by the time since. */
export function effectiveIntervalUs(state: PacerState, nowUs: number): number {
  if (state.intervalUs <= state.baseIntervalUs) return state.baseIntervalUs
  const baseRate = 1 / state.baseIntervalUs
  const recovered = baseRate * RECOVERY_PER_SECOND * (Math.max(0, nowUs - state.throttledAtUs) / 1_000_000)
  const rate = 1 / state.intervalUs + recovered
  return rate >= baseRate ? state.baseIntervalUs : Math.max(state.baseIntervalUs, Math.ceil(1 / rate))
}

/** The state after `slots` were given out at `nowUs`, and the window that they form. */
export function reserve(state: PacerState, slots: number, nowUs: number): { after: PacerState; window: Window } {
  const intervalUs = effectiveIntervalUs(state, nowUs)
  const startUs = Math.max(state.tatUs, nowUs)
  return { after: { ...state, tatUs: startUs + slots * intervalUs }, window: { startUs, intervalUs, slots } }
}

/** The state after SES throttled a call; the same state when that throttle is part of a burst already answered. */
export function slowDown(state: PacerState, nowUs: number): PacerState {
  if (state.throttledAtUs > 0 && nowUs - state.throttledAtUs < SAME_BURST_US) return state
  const slowest = state.baseIntervalUs / LEAST_SHARE
  const intervalUs = Math.min(slowest, Math.ceil(effectiveIntervalUs(state, nowUs) * SLOWDOWN))
  return { ...state, intervalUs, throttledAtUs: nowUs }
}

/**
 * The state under a granted rate that was just read; the same state when the rate is unchanged. Where the rate rises at the cost
 * of another pacer, no slot begins before `notBeforeUs`, the end of what that one has given out at its old rate.
 */
export function grantRate(
  state: PacerState | undefined,
  ratePerSecond: number,
  nowUs: number,
  notBeforeUs = 0,
): PacerState {
  const baseIntervalUs = intervalOf(ratePerSecond)
  const fromUs = Math.max(nowUs, notBeforeUs)
  if (state === undefined) return { tatUs: fromUs, intervalUs: baseIntervalUs, baseIntervalUs, throttledAtUs: 0 }
  if (state.baseIntervalUs === baseIntervalUs) return state
  const tatUs = baseIntervalUs < state.baseIntervalUs ? Math.max(state.tatUs, notBeforeUs) : state.tatUs
  const slowed = effectiveIntervalUs(state, nowUs) > state.baseIntervalUs
  const intervalUs = slowed ? Math.max(baseIntervalUs, state.intervalUs) : baseIntervalUs
  return { ...state, tatUs, baseIntervalUs, intervalUs }
}

/** How many slots a sender takes at a time: about a second's worth, at least one, at most what it needs. */
export function slotsToReserve(needed: number, state: PacerState): number {
  return Math.max(1, Math.min(needed, Math.floor(1_000_000 / state.baseIntervalUs)))
}
