import { describe, expect, it } from 'vitest'
import { ROW_BYTES_MAX, VALUE_LENGTH_MAX } from '../../functions/audience/row.ts'
import { audienceOf, indexFile, recipientsIn, refusalsOf, refusedIn } from './index-file.ts'

const good = (n: number) => `c${n}@example.com,en,Name ${n}`
const file = (...rows: string[]) => ['email,locale,name', good(1), ...rows, good(2), ''].join('\n')

describe.each([
  ['a row with too few fields', 'ada@example.com', ['3 row-ragged']],
  ['a row with too many fields', 'ada@example.com,en,Ada,x', ['3 row-ragged']],
  ['a row of separators', ',,', ['3 address-missing']],
  ['an address without @', 'ada,en,Ada', ['3 address-without-at']],
  ['two addresses in a field', '"a@example.com,b@example.com",en,A', ['3 several-addresses']],
  ['an unknown locale', 'ada@example.com,xx,Ada', ['3 locale-unknown']],
  ['a malformed locale', 'ada@example.com,e!,Ada', ['3 locale-malformed']],
  ['a control character', 'ada@example.com,en,A\u0007da', ['3 control-character']],
  ['a lone carriage return', 'ada@example.com,en,"A\rda"', ['3 control-character']],
  ['a value too long', `ada@example.com,en,${'x'.repeat(VALUE_LENGTH_MAX + 1)}`, ['3 value-too-long']],
  ['a row too long', `ada@example.com,en,${'x'.repeat(ROW_BYTES_MAX)}`, ['3 row-too-long']],
  ['a quote inside a field', 'ada@example.com,en,Ada "Countess" L', ['3 quote-misplaced']],
  ['text after a closing quote', 'ada@example.com,en,"Ada" L', ['3 quote-misplaced']],
  ['a quote that never closes', 'ada@example.com,en,"Ada', ['3 quote-not-closed']],
  [
    'two quotes that never close',
    'a@example.com,en,"A\nb@example.com,en,"B',
    ['3 quote-misplaced', '4 quote-not-closed'],
  ],
  ['a duplicate in another case', `ADA@example.com,en,Ada\nada@EXAMPLE.com,es,Ada`, ['4 duplicate']],
  ['a duplicate in Punycode', 'a@müller.example,en,A\nA@xn--mller-kva.example,en,A', ['4 duplicate']],
] as const)('%s', (_, rows, refusals) => {
  it.each([65_536, 7])('is refused alone, with its line (in chunks of %i)', async chunkBytes => {
    expect(await refusalsOf(file(rows), chunkBytes)).toEqual(refusals)
    const { recipients } = await indexFile(file(rows), chunkBytes)
    const names = recipientsIn(recipients).map(({ variables }) => variables['name'])
    expect(names.at(0)).toBe('Name 1')
    expect(names.at(-1)).toBe('Name 2')
  })
})

it('a stray quote spoils only its own line, however many rows follow', async () => {
  const rows = Array.from({ length: 5000 }, (_, n) => good(n + 10))
  const audience = await audienceOf(file('ada@example.com,en,"Ada', ...rows))
  expect(audience).toMatchObject({ recipients: 5002, refusedByReason: { 'quote-not-closed': 1 } })
})

it('quoted fields may hold separators, quotes and lines, and lines are counted through them', async () => {
  const { recipients, refusedRows } = await indexFile(
    'email;name\r\nada@example.com; "Lovelace; ""Ada""" \r\nb@example.com;"two\r\nlines"\r\n\r\nbad;x\r\n',
  )
  expect(recipientsIn(recipients).map(({ variables }) => variables['name'])).toEqual(['Lovelace; "Ada"', 'two\nlines'])
  expect(refusedIn(refusedRows).map(({ line }) => line)).toEqual([6])
})

it('a duplicate names the line of the first', async () => {
  const { refusedRows } = await indexFile(file('C1@example.com,en,Again'))
  expect(refusedIn(refusedRows)).toEqual([
    {
      line: 3,
      field: 'email',
      reason: 'duplicate',
      explanation: 'The same address is on line 2.',
      value: 'C1@example.com',
    },
  ])
})

it('a ragged row says how many fields it has and keeps its text', async () => {
  const { refusedRows } = await indexFile(file('ada@example.com,"e,n"'))
  expect(refusedIn(refusedRows)).toMatchObject([
    { field: '', explanation: 'The row has 2 fields, the header has 3.', value: 'ada@example.com,"e,n"' },
  ])
})

it('a refused value that a spreadsheet would run is neutralised', async () => {
  const { refusedRows } = await indexFile(
    file(`=HYPERLINK("http://example.com"),en,x`, '"=cmd|""/c calc""!A1",en,x', '+1,en,x'),
  )
  for (const { value } of refusedIn(refusedRows)) expect(value).toMatch(/^[^=+\-@]/)
  expect(refusedIn(refusedRows).at(-2)?.value).toBe(`'=cmd|"/c calc"!A1`)
})

describe('in NDJSON', () => {
  const ndjson = (...lines: string[]) => ['{"email":"c1@example.com","n":1}', ...lines, ''].join('\r\n')

  it.each([
    ['{"email":"ada@example.com"', '2 not-an-object'],
    ['["ada@example.com"]', '2 not-an-object'],
    ['"ada@example.com"', '2 not-an-object'],
    ['{"email":"ada@example.com","address":{"city":"Ulm"}}', '2 nested-value'],
    ['{"email":["ada@example.com"]}', '2 nested-value'],
    ['{"name":"Ada"}', '2 address-missing'],
    ['{"email":"ada@example.com","Email":"bob@example.com"}', '2 field-twice'],
    ['{"email":"ada@example.com","first name":"Ada"}', '2 variable-name'],
    ['{"email":"ada@example.com","__proto__":"Ada"}', '2 variable-name'],
    ['{"email":"ada@example.com","n":"\\ud800"}', '2 control-character'],
    [`{"email":"ada@example.com","n":"${'x'.repeat(ROW_BYTES_MAX)}"}`, '2 row-too-long'],
  ])('%.60s is refused as %s', async (line, refusal) => {
    expect(await refusalsOf(ndjson(line, '', '{"email":"C1@example.com"}'))).toEqual([refusal, '4 duplicate'])
    expect(await refusalsOf(ndjson(line, '', '{"email":"C1@example.com"}'), 5)).toEqual([refusal, '4 duplicate'])
  })

  it('numbers stay as they are written, true and false become text, null is as if absent', async () => {
    const line =
      '{"email":"a@example.com","Locale":"pt_BR","price":1.50,"account":12345678901234567890,"vip":true,"x":null}'
    const { recipients, result } = await indexFile(ndjson(line))
    expect(recipientsIn(recipients).at(-1)).toMatchObject({
      locale: 'pt-BR',
      variables: { price: '1.50', account: '12345678901234567890', vip: 'true' },
    })
    expect(result).toMatchObject({
      audience: {
        variables: {
          n: { present: 1, firstMissingLine: 2 },
          price: { present: 1, firstMissingLine: 1 },
          vip: { present: 1, firstMissingLine: 1 },
        },
      },
    })
  })
})
