import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SeenRecipients } from '../../functions/audience/seen-recipients.ts'

const keyOf = (n: number) => createHash('md5').update(String(n)).digest()

it('says of each recipient what a map would say, however the table grows', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300), { maxLength: 600 }), numbers => {
      const seen = new SeenRecipients(2)
      const expected = new Map<number, number>()
      for (const [index, n] of numbers.entries()) {
        expect(seen.add(keyOf(n), index + 1)).toBe(expected.get(n))
        if (!expected.has(n)) expected.set(n, index + 1)
      }
    }),
  )
})

it('tells keys apart that begin alike', () => {
  const seen = new SeenRecipients(4)
  for (let byte = 0; byte < 16; byte++) {
    const key = Buffer.alloc(16)
    key[byte] = 1
    expect(seen.add(key, byte + 1)).toBeUndefined()
    expect(seen.add(key, 99)).toBe(byte + 1)
  }
})
