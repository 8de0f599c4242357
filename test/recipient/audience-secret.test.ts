import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeRecipientKey, openAudienceSecret } from '../../functions/recipient/audience-secret.ts'
import type { AudienceRow } from '../../functions/recipient/recipient.ts'
import { rows } from './audience-rows.ts'

const secret = new Uint8Array(32).fill(1)
const { hashKey, seal } = openAudienceSecret(secret)
const key = (address: string) => encodeRecipientKey(hashKey(address))

/** What a row says, whatever the order of its variables. */
const said = ({ address, key, locale, variables }: AudienceRow) =>
  JSON.stringify([address, key, locale ?? null, Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1))])

describe('A recipient key', () => {
  it('is 22 characters of base64url, and another for another address or another secret', () => {
    expect(key('ada@example.com')).toMatch(/^[\w-]{22}$/)
    expect(key('bob@example.com')).not.toBe(key('ada@example.com'))
    const other = openAudienceSecret(new Uint8Array(32).fill(2))
    expect(encodeRecipientKey(other.hashKey('ada@example.com'))).not.toBe(key('ada@example.com'))
  })

  it('is made under a key of its own, neither the secret nor that of the seals', () => {
    const plain = createHmac('sha256', secret).update('ada@example.com').digest().subarray(0, 16).toString('base64url')
    const row = { address: 'ada@example.com', key: '', variables: {} }
    expect(new Set([plain, key('ada@example.com'), seal(row)]).size).toBe(3)
  })

  it('is not made under a secret of another length', () => {
    expect(() => openAudienceSecret(new Uint8Array(31))).toThrow('32 bytes')
  })
})

describe('A seal', () => {
  it('is the same for the same row, in whatever order its variables stand', () => {
    fc.assert(
      fc.property(rows, row => {
        const reversed = Object.fromEntries(Object.entries(row.variables).reverse())
        expect(seal(row)).toMatch(/^[\w-]{22}$/)
        expect(seal({ ...row, variables: reversed })).toBe(seal(row))
        expect(seal(JSON.parse(JSON.stringify(row)))).toBe(seal(row))
      }),
    )
  })

  it('is another for any other row', () => {
    fc.assert(
      fc.property(rows, rows, (one, other) => {
        expect(seal(one) === seal(other)).toBe(said(one) === said(other))
      }),
    )
  })

  it('is another when any part comes from another row', () => {
    fc.assert(
      fc.property(rows, rows, (one, other) => {
        for (const part of ['address', 'key', 'locale', 'variables'] as const) {
          const crossed = { ...one, [part]: other[part] }
          expect(seal(crossed) === seal(one)).toBe(said(crossed) === said(one))
        }
      }),
    )
  })

  it('does not take what stands on one side of a border for what stands on the other', () => {
    const row = { address: 'a', key: 'b', variables: { c: 'd' } }
    const shifted: readonly AudienceRow[] = [
      { address: 'ab', key: '', variables: { c: 'd' } },
      { address: 'a', key: 'b', locale: 'c', variables: {} },
      { address: 'a', key: 'b', locale: 'c', variables: { d: '' } },
      { address: 'a', key: 'b', variables: { cd: '' } },
      { address: 'a', key: 'b', variables: { c: 'd', d: '' } },
      { address: 'a","b', key: 'b', variables: { c: 'd' } },
      { address: 'a', key: 'b', locale: 'null', variables: { c: 'd' } },
      { address: 'a', key: 'b', locale: '', variables: { c: 'd' } },
      { address: 'a', key: 'b', variables: { c: 'd,e,f' } },
      { address: 'a', key: 'b', variables: { c: 'd', e: 'f' } },
    ]
    expect(new Set([row, ...shifted].map(seal)).size).toBe(1 + shifted.length)
  })

  it('is another when a value stands under another name', () => {
    fc.assert(
      fc.property(rows, fc.string(), fc.string(), fc.string(), (row, name, otherName, value) => {
        const [one, other] = [name, otherName].map(known => {
          const others = Object.entries(row.variables).filter(([taken]) => taken !== name && taken !== otherName)
          return seal({ ...row, variables: Object.fromEntries([...others, [known, value]]) })
        })
        expect(one === other).toBe(name === otherName)
      }),
    )
  })

  it('is another under another secret', () => {
    const { seal: otherSeal } = openAudienceSecret(new Uint8Array(32).fill(2))
    fc.assert(
      fc.property(rows, row => {
        expect(otherSeal(row)).not.toBe(seal(row))
      }),
    )
  })
})
