import { beforeEach, describe, expect, it } from 'vitest'
import type { GrantedRates } from '../../functions/pacer/granted-rates.ts'

/** What every store of granted rates promises. `open` gives one in which nothing was recorded. */
export function grantedRatesContract(name: string, open: () => Promise<GrantedRates>): void {
  describe(`Granted rates in ${name}`, () => {
    let store: GrantedRates
    beforeEach(async () => {
      store = await open()
    })

    it('are the changes, and not what was recorded again', async () => {
      expect(await store.read()).toEqual([])
      for (const [atMs, rate] of [[1_000, 14] as const, [2_000, 14] as const, [3_000, 0.5] as const]) {
        await store.record(rate, atMs)
      }
      await store.record(14, 2_999)
      expect(await store.read()).toEqual([
        { atMs: 1_000, ratePerSecond: 14 },
        { atMs: 3_000, ratePerSecond: 0.5 },
        { atMs: 3_000, ratePerSecond: 14 },
      ])
    })

    it('lose no change of many dispatchers that record at the same moment', async () => {
      const rates = [1, 2, 3, 4, 5]
      await Promise.all(rates.map(rate => store.record(rate, 1_000)))
      expect((await store.read()).map(({ ratePerSecond }) => ratePerSecond).sort()).toEqual(rates)
    })

    it('are the last fifty', async () => {
      for (let n = 1; n <= 60; n++) await store.record(n, n)
      const kept = await store.read()
      expect(kept).toHaveLength(50)
      expect(kept[0]).toEqual({ atMs: 11, ratePerSecond: 11 })
    })
  })
}
