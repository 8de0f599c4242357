import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distributionOf, writeDistribution } from '../../bench/live/distribution.ts'

const measured = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 300 })

test('each figure is a value that was measured, and so many of the values are no greater', () => {
  fc.assert(
    fc.property(measured, values => {
      const found = distributionOf(values)
      const shares: readonly [number | undefined, number][] = [
        [found?.median, 0.5],
        [found?.p90, 0.9],
        [found?.p99, 0.99],
        [found?.max, 1],
      ]
      for (const [figure = Number.NaN, share] of shares) {
        expect(values).toContain(figure)
        const notGreater = values.filter(value => value <= figure).length
        const less = values.filter(value => value < figure).length
        expect(notGreater).toBeGreaterThanOrEqual(share * values.length)
        expect(less).toBeLessThan(share * values.length)
      }
      expect(found?.min).toBe(Math.min(...values))
      expect(found?.count).toBe(values.length)
    }),
  )
})

test('the order of the values does not matter, and they stay as they are', () => {
  const values = [9, 100, 7, 8]
  expect(distributionOf(values)).toEqual(distributionOf([100, 9, 8, 7]))
  expect(distributionOf(values)).toMatchObject({ min: 7, median: 8, p90: 100, max: 100 })
  expect(values).toEqual([9, 100, 7, 8])
})

test('without values there is no figure', () => {
  expect(distributionOf([])).toBeUndefined()
  expect(writeDistribution('to finished', [], String)).toBe('to finished: nothing was measured')
  expect(writeDistribution('to finished', [2, 1], value => `${value} s`)).toBe(
    'to finished: min 1 s, median 1 s, p90 2 s, p99 2 s, max 2 s',
  )
})
