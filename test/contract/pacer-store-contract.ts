import { beforeEach, describe, expect, it } from 'vitest'
import type { PacerState, PacerStore } from '../../functions/pacer/pacer-store.ts'

/** Thirds, for an item holds a number as it was given to it: whatever was read can be written again. */
const state: PacerState = {
  tatUs: 1_800_000_000_000_000,
  revision: 1,
  pacedFromUs: 1_799_999_999_999_998,
  baseIntervalUs: 1_000_000 / 14,
  formerIntervalUs: 1_000_000 / 3,
  formerUntilUs: 1_800_000_000_000_001,
  throttledAtUs: 1_799_999_999_999_999,
  slowedIntervalUs: 16e6 / 14,
  slowedFromUs: 1_800_000_000_000_003,
  recoveryUs: 27_000_000,
}

/** What every pacer store promises. `open` gives a store whose item is absent. */
export function pacerStoreContract(name: string, open: () => Promise<PacerStore>): void {
  describe(`Pacer item in ${name}`, () => {
    let store: PacerStore
    beforeEach(async () => {
      store = await open()
    })

    it('is made once, by one of many', async () => {
      expect(await store.read()).toBeUndefined()
      const made = await Promise.all(Array.from({ length: 5 }, () => store.replace(undefined, state)))
      expect(made.filter(Boolean)).toHaveLength(1)
      expect(await store.read()).toEqual(state)
    })

    it('neither grows nor gets a pace before it is made', async () => {
      expect(await store.extend(100, 1, 0)).toBeUndefined()
      expect(await store.repace({ ...state, revision: 0 }, state)).toBeUndefined()
      expect(await store.replace(state, state)).toBe(false)
      expect(await store.read()).toBeUndefined()
    })

    it('gives each of many concurrent extensions slots of its own', async () => {
      await store.replace(undefined, state)
      const ends = await Promise.all(Array.from({ length: 50 }, () => store.extend(100, 1, state.tatUs)))
      expect(new Set(ends.map(end => end?.tatUs)).size).toBe(50)
      expect((await store.read())?.tatUs).toBe(state.tatUs + 50 * 100)
    })

    it('extends neither an idle pacer nor one of another pace', async () => {
      await store.replace(undefined, state)
      expect(await store.extend(100, 1, state.tatUs + 1)).toBeUndefined()
      expect(await store.extend(100, 2, state.tatUs)).toBeUndefined()
      expect(await store.extend(100, 0, state.tatUs)).toBeUndefined()
      expect(await store.read()).toEqual(state)
    })

    it('replaces what it was read as, and nothing else', async () => {
      await store.replace(undefined, state)
      const after = { ...state, tatUs: state.tatUs + 7, throttledAtUs: 5 }
      expect(await store.replace({ ...state, tatUs: 1 }, after)).toBe(false)
      expect(await store.replace({ ...state, revision: 2 }, after)).toBe(false)
      expect(await store.replace(state, after)).toBe(true)
      expect(await store.read()).toEqual(after)
    })

    it('gets one of several paces, whatever slots are given out meanwhile, and takes none of them back', async () => {
      await store.replace(undefined, state)
      const paces = [1_000, 2_000, 3_000].map(baseIntervalUs => ({ ...state, revision: 2, baseIntervalUs }))
      await store.extend(100, 1, state.tatUs)
      const repaced = await Promise.all(paces.map(pace => store.repace(state, pace)))
      const [taken, ...others] = repaced.filter(pace => pace !== undefined)
      expect(others).toEqual([])
      expect(taken).toMatchObject({ tatUs: state.tatUs + 100, pacedFromUs: state.tatUs + 100, revision: 2 })
      expect(await store.read()).toEqual(taken)
    })
  })
}
