import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { recipientSchema } from '../../functions/recipient/recipient.ts'
import { createRecipientKeyHash, encodeRecipientKey } from '../../functions/recipient/recipient-key.ts'
import { decodeRecipientLine, encodeRecipientLine } from '../../functions/recipient/recipient-line.ts'

const secret = new Uint8Array(32).fill(1)
const key = (address: string, of = secret) => encodeRecipientKey(createRecipientKeyHash(of)(address))

it('a recipient key is the first half of an HMAC-SHA-256, in 22 characters of base64url', () => {
  const expected = createHmac('sha256', secret).update('ada@example.com').digest().subarray(0, 16).toString('base64url')
  expect(key('ada@example.com')).toBe(expected)
  expect(key('ada@example.com')).toHaveLength(22)
})

it('another address or another secret gives another key', () => {
  expect(key('bob@example.com')).not.toBe(key('ada@example.com'))
  expect(key('ada@example.com', new Uint8Array(32).fill(2))).not.toBe(key('ada@example.com'))
})

it('a secret of another length is a defect', () => {
  expect(() => createRecipientKeyHash(new Uint8Array(31))).toThrow('32 bytes')
})

it('a recipient line decodes to the recipient it was made of', () => {
  const recipient = fc.record({
    address: fc.emailAddress(),
    key: fc.constant(key('ada@example.com')),
    variables: fc.dictionary(fc.constantFrom('first_name', 'city'), fc.string({ unit: 'grapheme' })),
  })
  fc.assert(
    fc.property(recipient, fc.option(fc.constantFrom('en', 'ja'), { nil: undefined }), (given, locale) => {
      const line = encodeRecipientLine(recipientSchema.parse(locale === undefined ? given : { ...given, locale }))
      expect(line.indexOf('\n')).toBe(line.length - 1)
      expect(encodeRecipientLine(decodeRecipientLine(line))).toBe(line)
      expect(decodeRecipientLine(line)).toMatchObject({ address: given.address, key: given.key })
    }),
  )
})
