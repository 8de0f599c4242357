import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { BatchSlice } from '../../functions/recipient/audience.ts'
import { encodeBatchSlice, sha256Hex, verifyBatchIndex } from '../../functions/recipient/batch-index.ts'

const slice: fc.Arbitrary<BatchSlice> = fc
  .record({
    offset: fc.nat(),
    length: fc.integer({ min: 1 }),
    size: fc.integer({ min: 1, max: 100 }),
    digest: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }),
    lane: fc.constantFrom(undefined, '163.com', 'yahoo.*', '*.xn--mnchen-3ya.example'),
  })
  .map(({ lane, ...rest }) => ({ ...rest, ...(lane !== undefined && { lane }) }))

it('the slices come back from an index as they were, each with its lane', () => {
  fc.assert(
    fc.property(fc.array(slice), slices => {
      const bytes = Buffer.from(slices.map(encodeBatchSlice).join(''))
      expect(verifyBatchIndex(bytes, 'a', sha256Hex(bytes))).toEqual(slices)
    }),
  )
})

it('a slice of the main lane is written as it was before there were lanes', () => {
  const digest = 'f'.repeat(64)
  expect(encodeBatchSlice({ offset: 0, length: 5, size: 1, digest })).toBe(`0 5 1 ${digest}\n`)
  expect(encodeBatchSlice({ offset: 5, length: 7, size: 2, digest, lane: 'yahoo.*' })).toBe(`5 7 2 ${digest} yahoo.*\n`)
})

it('a lane that was changed is another audience than the approved one', () => {
  const line = encodeBatchSlice({ offset: 0, length: 5, size: 1, digest: 'f'.repeat(64), lane: '163.com' })
  const changed = Buffer.from(line.replace('163.com', '126.com'))
  expect(() => verifyBatchIndex(changed, 'a', sha256Hex(line))).toThrow('approved is')
})
