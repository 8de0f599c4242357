import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AcceptanceSpan,
  type Acceptances,
  addAcceptance,
  collectAcceptances,
} from '../../functions/ledger/acceptance-times.ts'
import { addBatch, emptySum } from '../../functions/ledger/batch.ts'
import { batchRow } from '../memory/batch-row.ts'

const span: fc.Arbitrary<AcceptanceSpan> = fc
  .record({ count: fc.integer({ min: 1, max: 100 }), firstMs: fc.nat(20_000), tookMs: fc.nat(5_000) })
  .map(({ count, firstMs, tookMs }) => ({ count, firstMs, lastMs: count === 1 ? firstMs : firstMs + tookMs }))
const rows = fc.array(fc.dictionary(fc.constantFrom('de', 'en', 'zh-Hant-HK'), span), { minLength: 1, maxLength: 12 })

/** Every single acceptance, spread evenly: what the collector must answer without making it. */
function momentsOf(spans: readonly AcceptanceSpan[]): readonly number[] {
  return spans
    .flatMap(({ count, firstMs, lastMs }) =>
      Array.from({ length: count }, (_, n) => (n === 0 ? firstMs : firstMs + (n * (lastMs - firstMs)) / (count - 1))),
    )
    .sort((a, b) => a - b)
}

function summaryOf(spans: readonly AcceptanceSpan[]) {
  const moments = momentsOf(spans)
  const nth = (rank: number) => Math.ceil(moments[rank - 1] ?? Number.NaN)
  const count = moments.length
  const percentile = (percent: number) => nth(Math.ceil((count * percent) / 100))
  return { count, firstMs: nth(1), medianMs: percentile(50), p99Ms: percentile(99), lastMs: nth(count) }
}

function collected(all: readonly Acceptances[]) {
  const collector = collectAcceptances()
  for (const acceptances of all) collector.addTimes({ acceptances })
  return collector
}

describe('The times at which recipients were told', () => {
  it('are those that sorting every acceptance would give, for all and for each locale', () => {
    fc.assert(
      fc.property(rows, all => {
        const collector = collected(all)
        const spans = all.flatMap(acceptances => Object.entries(acceptances))
        if (spans.length === 0) {
          expect(collector.overall()).toBeUndefined()
          expect(collector.byLocale()).toEqual({})
          return
        }
        expect(collector.overall()).toEqual(summaryOf(spans.map(([, of]) => of)))
        const byLocale = Map.groupBy(spans, ([locale]) => locale)
        const expected = [...byLocale].map(([locale, own]) => [locale, summaryOf(own.map(([, of]) => of))])
        expect(collector.byLocale()).toEqual(Object.fromEntries(expected))
      }),
      { numRuns: 500 },
    )
  })

  it('do not depend on the order of the rows', () => {
    fc.assert(
      fc.property(rows, all => {
        expect(collected([...all].reverse()).overall()).toEqual(collected(all).overall())
      }),
    )
  })

  it('of evenly paced acceptances come out as if each had been written down', () => {
    const evenly = fc.array(fc.constantFrom('en', 'de'), { minLength: 1, maxLength: 100 })
    fc.assert(
      fc.property(evenly, fc.integer({ min: 1, max: 200 }), (locales, intervalMs) => {
        const acceptances = locales.reduce<Acceptances>(
          (known, locale, n) => addAcceptance(known, locale, 1_000 + n * intervalMs),
          {},
        )
        const times = collected([acceptances]).overall()
        expect(times).toMatchObject({ count: locales.length, firstMs: 1_000 })
        expect(times?.lastMs).toBe(1_000 + (locales.length - 1) * intervalMs)
      }),
    )
  })

  it('cost little for ten million recipients', () => {
    const collector = collectAcceptances()
    for (let batch = 0; batch < 100_000; batch++) {
      const firstMs = 1_800_000_000_000 + batch * 100
      const half = { count: 50, firstMs, lastMs: firstMs + 99 }
      collector.addTimes({ acceptances: { en: half, de: half } })
    }
    const startedMs = performance.now()
    expect(collector.overall()).toMatchObject({ count: 10_000_000, medianMs: 1_800_004_999_999 })
    expect(Object.keys(collector.byLocale())).toEqual(['de', 'en'])
    // Some 150 ms; one sort of every acceptance would take seconds.
    expect(performance.now() - startedMs).toBeLessThan(3_000)
  })

  it('give the sum over batches its first and last', () => {
    const sum = [
      batchRow(0, { acceptances: { en: { count: 2, firstMs: 50, lastMs: 90 } }, idleMs: 3, heldMs: 7 }),
      batchRow(1),
      batchRow(2, { acceptances: { de: { count: 1, firstMs: 40, lastMs: 40 } }, idleMs: 4, heldMs: 8 }),
    ].reduce((all, row) => addBatch(all, row, {}), emptySum)
    expect(sum).toMatchObject({ firstAcceptedAtMs: 40, lastAcceptedAtMs: 90, idleMs: 7, heldMs: 15 })
    expect(addBatch(emptySum, batchRow(0), {})).toEqual(emptySum)
  })
})
