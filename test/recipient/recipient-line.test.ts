import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AudienceRow } from '../../functions/recipient/recipient.ts'
import {
  beginRecipientLine,
  decodeRecipientLine,
  encodeRecipientLine,
} from '../../functions/recipient/recipient-line.ts'
import { sealed } from '../memory/memory-audience-keys.ts'
import { rows } from './audience-rows.ts'

const line = (row: AudienceRow) => encodeRecipientLine(sealed(row))

it('a recipient line decodes to the recipient it was made of, whatever its variables are named', () => {
  fc.assert(
    fc.property(rows, row => {
      const recipient = sealed(row)
      const decoded = decodeRecipientLine(line(row))
      expect(line(row).indexOf('\n')).toBe(line(row).length - 1)
      expect(Object.entries(decoded.variables).sort()).toEqual(Object.entries(recipient.variables).sort())
      expect({ ...decoded, variables: {} }).toEqual({ ...recipient, locale: row.locale, variables: {} })
      expect(encodeRecipientLine(decoded)).toBe(line(row))
    }),
  )
})

it('a line begins with its address, and with no other', () => {
  fc.assert(
    fc.property(rows, fc.emailAddress(), (row, other) => {
      expect(line(row).startsWith(beginRecipientLine(row.address))).toBe(true)
      expect(line(row).startsWith(beginRecipientLine(other))).toBe(other === row.address)
    }),
  )
})

it('a line whose variables are no texts, or that has no seal, is refused', () => {
  const { address, key, variables, seal } = sealed({ address: 'ada@example.com', key: 'k'.repeat(22), variables: {} })
  for (const wrong of [{ a: 1 }, ['a'], null, 'a', { a: null }]) {
    expect(() => decodeRecipientLine(JSON.stringify({ address, key, variables: wrong, seal }))).toThrow('texts by name')
  }
  expect(() => decodeRecipientLine(JSON.stringify({ address, key, variables }))).toThrow('seal')
})
