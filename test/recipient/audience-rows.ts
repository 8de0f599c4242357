import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { AudienceRow } from '../../functions/recipient/recipient.ts'

/** Names that JavaScript, JSON or a template might treat in a way of their own, among the usual ones. */
const names = fc.oneof(
  fc.constantFrom(
    'first_name',
    'balance',
    '__proto__',
    'constructor',
    'toString',
    '1',
    '02',
    'address',
    'key',
    'seal',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const values = fc.oneof(
  fc.constantFrom('', '0', 'null', '","', 'ada@example.com', 'é', 'e\u0301', '\ud800', '\u2028'),
  fc.string({ unit: 'binary', maxLength: 12 }),
)

/** Texts by name as JSON has them, own properties all. */
export const variables = fc
  .array(fc.tuple(names, values), { maxLength: 5 })
  .map(entries => Object.fromEntries<string>(entries))

export const keyOf = (address: string) => createHash('sha256').update(address).digest('base64url').slice(0, 22)

/** Any row of an audience. */
export const rows: fc.Arbitrary<AudienceRow> = fc
  .record({ address: fc.emailAddress(), variables, locale: fc.constantFrom(undefined, 'en', 'es', 'zh-Hant') })
  .map(({ address, locale, ...rest }) => ({
    address,
    key: keyOf(address),
    ...(locale !== undefined && { locale }),
    ...rest,
  }))
