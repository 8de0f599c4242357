import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderBatches } from '../../functions/dispatcher/order-batches.ts'

describe('The order of batches', () => {
  it('has every batch once, differs between notices and is the same for the same one', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(500), (noticeId, count) => {
        const order = orderBatches(noticeId, count)
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, batch) => batch))
        expect(orderBatches(noticeId, count)).toEqual(order)
      }),
    )
    expect(orderBatches('n-1', 100)).not.toEqual(orderBatches('n-2', 100))
  })

  it('puts each batch first about equally often', () => {
    const firsts = Array.from({ length: 4_000 }, (_, n) => orderBatches(`n-${n}`, 8)[0] ?? 0)
    for (let batch = 0; batch < 8; batch++) {
      const share = firsts.filter(first => first === batch).length / firsts.length
      expect(share).toBeGreaterThan(0.1)
      expect(share).toBeLessThan(0.15)
    }
  })
})
