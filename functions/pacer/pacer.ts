import type { Clock } from '../runtime/clock.ts'
import { Defect } from '../runtime/defect.ts'
import { grantRate, nextSlots, type Window } from './gcra.ts'
import type { PacerState, PacerStore } from './pacer-store.ts'
import { slowDown } from './slow-down.ts'

const ATTEMPTS = 50
/**
 * No slot is given out whose time ends later than this from now. A sender would wait for it longer than it lives; and the
 * slots of a pacer that is as good as closed would still be its last ones when it has its rate again.
 */
const FURTHEST_US = 120_000_000

/** The right to call SES, shared by every sender of a region. A lost answer costs slots, never gives one out twice. */
export interface Pacer {
  /**
   * Up to `needed` consecutive slots, about a second's worth at most. Throws a Defect `pacer-without-rate` or
   * `pacer-far-ahead` when it has none to give for now, and changes nothing then.
   */
  reserve(needed: number): Promise<Window>
  /** SES throttled a call that had a slot. */
  throttled(): Promise<void>
  /**
   * The granted rate as it is now, in recipients a second. Called before anything is queued, and every few seconds. Tells from
   * when on (µs) all its slots keep to that rate: where it is less, another pacer may have the rest from then on, and is granted
   * it with that moment as `notBeforeUs`. Before it, a pacer that gains goes on at its rate of before.
   */
  grant(ratePerSecond: number, notBeforeUs?: number): Promise<number>
}

/** The pacers of a region: one for each lane, and the main one for everybody else. Together they have the granted rate. */
export type PacerOfLane = (lane: string | undefined) => Pacer

/** Whether the pacer has no slot to give for now. Another may come within seconds, so that is no failure. */
export function hasNoSlot(error: unknown): boolean {
  return error instanceof Defect && (error.code === 'pacer-without-rate' || error.code === 'pacer-far-ahead')
}

export function createPacer(store: PacerStore, clock: Clock): Pacer {
  /** What this sender last saw of the item; only ever a guess, which the store's conditions check. */
  let seen: PacerState | undefined
  const nowUs = () => Math.round(clock.now() * 1000)

  async function read(): Promise<PacerState> {
    seen = await store.read()
    if (seen === undefined) throw new Defect('pacer-without-rate', 'No rate has been granted in this region yet')
    return seen
  }

  function isNear(state: PacerState, needed: number): boolean {
    const now = nowUs()
    const { window, advanceUs } = nextSlots(state, needed, now)
    return window.startUs + advanceUs <= now + FURTHEST_US
  }

  /** Slots behind those of a busy pacer. One write, which others' reservations never make fail. */
  async function extend(state: PacerState, needed: number): Promise<Window | undefined> {
    const now = nowUs()
    const { window, advanceUs } = nextSlots(state, needed, now)
    const extended = await store.extend(advanceUs, state.revision, now)
    if (extended === undefined) return undefined
    seen = extended
    return { ...window, startUs: extended.tatUs - advanceUs }
  }

  /** The first slots of an idle pacer. */
  async function begin(state: PacerState, needed: number): Promise<Window | undefined> {
    const { window, advanceUs } = nextSlots(state, needed, nowUs())
    const after = { ...state, tatUs: window.startUs + advanceUs }
    if (!(await store.replace(state, after))) return undefined
    seen = after
    return window
  }

  async function change<T extends PacerState | undefined>(
    decide: (state: PacerState | undefined) => T,
  ): Promise<T | PacerState> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const state = await store.read()
      const after = decide(state)
      if (after === undefined || after === state) return after
      const written = state ? await store.repace(state, after) : (await store.replace(state, after)) && after
      if (written) {
        seen = written
        return written
      }
    }
    throw new Defect('pacer-contention', `The pacer item kept changing in ${ATTEMPTS} attempts`)
  }

  return {
    reserve: async needed => {
      let window = seen && isNear(seen, needed) ? await extend(seen, needed) : undefined
      // The pacer was idle, or the pace has changed: decide on what the item says now.
      for (let attempt = 0; window === undefined && attempt < ATTEMPTS; attempt++) {
        const state = await read()
        if (!isNear(state, needed)) throw new Defect('pacer-far-ahead', 'All slots of the next minutes are taken')
        window = await (state.tatUs < nowUs() ? begin(state, needed) : extend(state, needed))
      }
      if (window !== undefined) return window
      throw new Defect('pacer-contention', `No slots could be reserved in ${ATTEMPTS} attempts`)
    },
    throttled: async () => {
      await change(state => state && slowDown(state, nowUs()))
    },
    grant: async (ratePerSecond, notBeforeUs) =>
      (await change(state => grantRate(state, ratePerSecond, nowUs(), notBeforeUs))).pacedFromUs,
  }
}
