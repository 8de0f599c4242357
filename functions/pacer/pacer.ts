import type { Clock } from '../runtime/clock.ts'
import { Defect } from '../runtime/defect.ts'
import { effectiveIntervalUs, grantRate, reserve, slotsToReserve, slowDown, type Window } from './gcra.ts'
import type { PacerState, PacerStore } from './pacer-store.ts'

const ATTEMPTS = 50

/** The right to call SES, shared by every sender of a region. A lost answer costs slots, never gives one out twice. */
export interface Pacer {
  /** Up to `needed` consecutive slots, about a second's worth at most. */
  reserve(needed: number): Promise<Window>
  /** SES throttled a call that had a slot. */
  throttled(): Promise<void>
  /**
   * The granted rate as it is now, in recipients a second. Called before anything is dispatched, and every minute. No slot is
   * given out before `notBeforeUs`: until then another pacer's slots have the rate that this one is to get.
   */
  grant(ratePerSecond: number, notBeforeUs?: number): Promise<void>
}

/** The pacers of a region: one for each lane, and the main one for everybody else. Together they have the granted rate. */
export type PacerOfLane = (lane: string | undefined) => Pacer

export function createPacer(store: PacerStore, clock: Clock): Pacer {
  /** What this sender last saw of the item; only ever a guess, which the store's conditions check. */
  let seen: PacerState | undefined
  const nowUs = () => Math.round(clock.now() * 1000)

  async function read(): Promise<PacerState> {
    seen = await store.read()
    if (seen === undefined) throw new Defect('pacer-without-rate', 'No rate has been granted in this region yet')
    return seen
  }

  async function change(decide: (state: PacerState | undefined) => PacerState): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const state = await store.read()
      const after = decide(state)
      if (after === state || (await store.replace(state, after))) {
        seen = after
        return
      }
    }
    throw new Defect('pacer-contention', `The pacer item kept changing in ${ATTEMPTS} attempts`)
  }

  return {
    reserve: async needed => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const state = seen ?? (await read())
        const now = nowUs()
        const slots = slotsToReserve(needed, state)
        const intervalUs = effectiveIntervalUs(state, now)
        const extended = await store.extend(slots * intervalUs, state.intervalUs, now)
        if (extended !== undefined) {
          seen = extended
          return { startUs: extended.tatUs - slots * intervalUs, intervalUs, slots }
        }
        // The pacer was idle, or the pace has changed: decide on what the item says now.
        const current = await read()
        const { after, window } = reserve(current, slotsToReserve(needed, current), nowUs())
        if (await store.replace(current, after)) {
          seen = after
          return window
        }
      }
      throw new Defect('pacer-contention', `No slots could be reserved in ${ATTEMPTS} attempts`)
    },
    throttled: () =>
      change(state => (state === undefined ? grantRate(undefined, 1, nowUs()) : slowDown(state, nowUs()))),
    grant: (ratePerSecond, notBeforeUs) => change(state => grantRate(state, ratePerSecond, nowUs(), notBeforeUs)),
  }
}
