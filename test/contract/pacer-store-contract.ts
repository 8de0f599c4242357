import { beforeEach, describe, expect, it } from 'vitest'
import type { PacerState, PacerStore } from '../../functions/pacer/pacer-store.ts'

const state: PacerState = { tatUs: 1_800_000_000_000_000, intervalUs: 2_000, baseIntervalUs: 2_000, throttledAtUs: 0 }

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

    it('gives each of many concurrent extensions slots of its own', async () => {
      await store.replace(undefined, state)
      const ends = await Promise.all(Array.from({ length: 50 }, () => store.extend(100, 2_000, state.tatUs)))
      expect(new Set(ends.map(end => end?.tatUs)).size).toBe(50)
      expect((await store.read())?.tatUs).toBe(state.tatUs + 50 * 100)
    })

    it('extends neither an idle pacer nor one of another pace', async () => {
      await store.replace(undefined, state)
      expect(await store.extend(100, 2_000, state.tatUs + 1)).toBeUndefined()
      expect(await store.extend(100, 1_999, state.tatUs)).toBeUndefined()
      expect(await store.read()).toEqual(state)
    })

    it('replaces what it was read as, and nothing else', async () => {
      await store.replace(undefined, state)
      const after = { ...state, tatUs: state.tatUs + 7, throttledAtUs: 5 }
      expect(await store.replace({ ...state, tatUs: 1 }, after)).toBe(false)
      expect(await store.replace(state, after)).toBe(true)
      expect(await store.read()).toEqual(after)
    })
  })
}
