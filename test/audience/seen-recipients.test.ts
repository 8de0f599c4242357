import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SeenRecipients } from '../../functions/audience/seen-recipients.ts'

const keyOf = (n: number) => createHash('md5').update(String(n)).digest()

it('says of each recipient what a map would say, however the table grows', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20_000), { minLength: 0, maxLength: 20_000, size: 'max' }), numbers => {
      const seen = new SeenRecipients()
      const expected = new Map<number, number>()
      for (const [index, n] of numbers.entries()) {
        expect(seen.add(keyOf(n), index + 1)).toBe(expected.get(n))
        if (!expected.has(n)) expected.set(n, index + 1)
      }
    }),
    { numRuns: 5 },
  )
})

it('tells keys apart that differ in a single byte, and puts up with all of them in one place', () => {
  const seen = new SeenRecipients()
  for (const byte of [0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]) {
    for (let value = 1; value < 256; value++) {
      const key = Buffer.alloc(16)
      key[byte] = value
      expect(seen.add(key, byte * 256 + value)).toBeUndefined()
      expect(seen.add(key, 1)).toBe(byte * 256 + value)
    }
  }
})
