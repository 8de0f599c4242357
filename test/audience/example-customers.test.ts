import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exampleCustomers, generateCustomers } from '../../examples/generate-customers.ts'
import { audienceOf, indexFile, recipientsIn } from './index-file.ts'

const committed = readFileSync(new URL('../../examples/customers.csv', import.meta.url))
const generated = (recipients: number, seed: number) => [...generateCustomers({ recipients, seed })].join('')

describe('examples/customers.csv', () => {
  it('is what its generator makes', () => {
    expect(committed.toString() === generated(exampleCustomers.recipients, exampleCustomers.seed)).toBe(true)
  })

  it('has 5,000 rows: 4,935 recipients in three languages, 25 duplicates and 40 bad rows', async () => {
    expect(await audienceOf(committed)).toEqual({
      rows: 5000,
      recipients: 4935,
      refusedRows: 65,
      refusedByReason: {
        duplicate: 25,
        'address-missing': 2,
        'address-with-name': 3,
        'address-with-space': 3,
        'address-without-at': 3,
        'address-without-domain': 3,
        'control-character': 2,
        'domain-numeric': 2,
        'domain-without-dot': 2,
        'local-part-invalid': 2,
        'local-part-not-ascii': 2,
        'locale-malformed': 2,
        'locale-unknown': 3,
        'row-ragged': 5,
        'several-addresses': 6,
      },
      batches: 50,
      digest: '36a9e38e544a88063c51b8e38eaaa819da0658733211d7b25ea9058843f9defa',
      lanes: {},
      locales: { en: 2504, es: 1637, ja: 794 },
      variables: {
        first_name: { present: 4935 },
        last_name: { present: 4935 },
        account_id: { present: 4935 },
        city: { present: 4935 },
      },
    })
  })

  it('has names in many scripts, IDN and tagged addresses, apostrophes, and only domains that nobody owns', async () => {
    const recipients = recipientsIn((await indexFile(committed)).recipients)
    const names = recipients.map(({ variables }) => variables['first_name']).join()
    for (const script of [
      'Latin',
      'Greek',
      'Cyrillic',
      'Arabic',
      'Hebrew',
      'Han',
      'Hiragana',
      'Devanagari',
      'Hangul',
    ]) {
      expect(names).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'))
    }
    const addresses = recipients.map(({ address }) => address)
    for (const part of ['@xn--', '+accounts@', "o'neill"]) expect(addresses.join()).toContain(part)
    for (const address of addresses)
      expect(address).toMatch(/[@.](?:example\.(?:com|org|net)|[^.@]+\.(?:example|test))$/)
    expect(recipients.some(({ variables }) => variables['city']?.includes('\n'))).toBe(true)
  })
})

it('a generated file has exactly the recipients that were asked for, and few refused rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), fc.integer(), async (recipients, seed) => {
      const audience = await audienceOf(generated(recipients, seed))
      expect(audience.recipients).toBe(recipients)
      expect(audience.refusedRows / recipients).toBeLessThan(0.02 + 2 / recipients)
    }),
    { numRuns: 15 },
  )
})

it('recipients stay distinct when there are more of them than names', async () => {
  expect(await audienceOf(generated(45_000, 1))).toMatchObject({ recipients: 45_000 })
})
