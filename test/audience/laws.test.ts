import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BATCH_SIZE } from '../../functions/recipient/recipient.ts'
import { memoryAudienceStore } from '../memory/memory-audience-store.ts'
import { audienceOf, indexFile, recipientsIn, refusedIn } from './index-file.ts'

const email = fc.oneof(
  { weight: 6, arbitrary: fc.nat(150).map(n => `customer${n}@example.com`) },
  { weight: 1, arbitrary: fc.nat(5).map(n => `Customer${n}@Müller.example`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'ada', 'a b@example.com', 'a@example.com,b@example.com', 'ada@localhost'),
  },
)
const locale = fc.constantFrom('en', 'es', 'ja', '', 'en-gb', 'xx', 'not a tag')
const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    'Ada',
    "O'Neil",
    'Jones, Esq.',
    'a;b\tc',
    'two\nlines',
    '',
    'say "hi"',
    '李',
    '=1+1',
    'ada@example.com',
  ),
)
const row = fc.tuple(email, locale, value, value)
const table = fc.array(row, { minLength: 1, maxLength: 260 })
const severalBatches = fc.array(
  fc.tuple(
    fc.nat(100_000).map(n => `c${n}@example.com`),
    locale,
    value,
    value,
  ),
  {
    minLength: 201,
    maxLength: 400,
  },
)
type Rows = readonly (readonly string[])[]

const HEADER = ['email', 'locale', 'first_name', 'note']

function csv(rows: Rows, separator = ',', newline = '\n', mark = '', last = newline): string {
  const cell = (text: string) => `"${text.replaceAll('"', '""').replaceAll('\n', newline)}"`
  return mark + [HEADER, ...rows].map(cells => cells.map(cell).join(separator)).join(newline) + last
}

/** Any text at all, but made of what a CSV file is made of. */
const scribble = fc
  .array(
    fc.constantFrom('"', ',', '\n', '\r\n', 'ada@example.com', 'bob@example.org', 'en', 'x', ' ', '""', '\t', 'é'),
    { maxLength: 60 },
  )
  .map(pieces => `email,locale,first_name\n${pieces.join('')}`)

describe('every row is either a recipient or refused', () => {
  it('in a well-formed file, each row once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(table, async rows => {
        const { result, recipients, refusedRows } = await indexFile(csv(rows))
        const [accepted, refused] = [recipientsIn(recipients), refusedIn(refusedRows)]
        expect(accepted.length + refused.length).toBe(rows.length)
        if (result.kind === 'problem') {
          expect(result.code).toBe('no-recipients')
          return
        }
        const { audience } = result
        expect(audience).toMatchObject({ rows: rows.length, recipients: accepted.length, refusedRows: refused.length })
        const lineOf = rows.map((_, index) => 2 + index + linesIn(rows.slice(0, index)))
        const refusedLines = refused.map(({ line }) => line)
        const expected = rows.filter((_, index) => !refusedLines.includes(lineOf[index] ?? 0))
        expect(accepted.map(({ variables }) => variables['note'])).toEqual(expected.map(cells => cells[3]))
        expect(sum(audience.refusedByReason)).toBe(refused.length)
        expect(sum(audience.locales)).toBe(accepted.length)
      }),
      { numRuns: 60 },
    )
  })

  it('in any scribble of quotes, separators and lines, however it is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(scribble, fc.integer({ min: 1, max: 40 }), async (text, chunkBytes) => {
        const whole = await indexFile(text)
        const chunked = await indexFile(text, chunkBytes)
        expect(chunked).toEqual(whole)
        const counted = recipientsIn(whole.recipients).length + refusedIn(whole.refusedRows).length
        const covered = whole.result.kind === 'indexed' ? whole.result.audience.rows : counted
        expect(counted).toBe(covered)
        const addresses = recipientsIn(whole.recipients).map(({ address }) => address)
        expect(new Set(addresses).size).toBe(addresses.length)
      }),
      { numRuns: 500 },
    )
  })
})

it('the batches are consecutive slices of at most 100 recipients, and together they are the file', async () => {
  await fc.assert(
    fc.asyncProperty(severalBatches, async rows => {
      const { result, recipients, batches } = await indexFile(csv(rows))
      if (result.kind === 'problem') throw new Error(result.message)
      const { digest, ...audience } = result.audience
      expect(createHash('sha256').update(batches).digest('hex')).toBe(digest)
      const store = memoryAudienceStore(new Map([['a', { recipients, batches }]]))
      const slices = await store.readBatchSlices('a', digest)
      expect(slices).toHaveLength(audience.batches)
      expect(slices.slice(0, -1).every(({ size }) => size === BATCH_SIZE)).toBe(true)
      const read = await Promise.all(slices.map(slice => store.readRecipients('a', slice)))
      expect(read.map(({ length }) => length)).toEqual(slices.map(({ size }) => size))
      expect(read.flat()).toEqual(recipientsIn(recipients))
      expect(slices.reduce((end, { offset, length }) => (offset === end ? end + length : -1), 0)).toBe(
        recipients.length,
      )
    }),
    { numRuns: 40 },
  )
})

it('the same rows in every separator, line end, byte order mark and chunking are the same audience', async () => {
  const form = fc.record({
    separator: fc.constantFrom(',', ';', '\t'),
    newline: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\ufeff'),
    last: fc.boolean(),
    chunkBytes: fc.integer({ min: 1, max: 300 }),
  })
  await fc.assert(
    fc.asyncProperty(table, form, async (rows, { separator, newline, mark, last, chunkBytes }) => {
      const plain = await indexFile(csv(rows))
      const other = await indexFile(csv(rows, separator, newline, mark, last ? newline : ''), chunkBytes)
      expect(other.result).toEqual(plain.result)
      expect(other.recipients.equals(plain.recipients)).toBe(true)
    }),
    { numRuns: 60 },
  )
})

it('the same rows as NDJSON are the same audience', async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 300 }), async (rows, chunkBytes) => {
      const lines = rows.map(cells =>
        JSON.stringify(Object.fromEntries(HEADER.map((name, i) => [name, cells[i] ?? '']))),
      )
      const ndjson = await indexFile(lines.join('\n'), chunkBytes)
      const { recipients } = await indexFile(csv(rows))
      expect(recipientsIn(ndjson.recipients)).toEqual(recipientsIn(recipients))
    }),
    { numRuns: 40 },
  )
})

it('indexing twice gives the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(table, async rows => {
      expect(await indexFile(csv(rows))).toEqual(await indexFile(csv(rows)))
    }),
    { numRuns: 20 },
  )
})

it('no address is in what is known of an audience, nor in the explanation of a refused row', async () => {
  const spilled = fc.constantFrom('ada@example.com', 'bob+x@müller.example', 'a@example.com;b@example.org')
  const anywhere = fc.array(fc.array(fc.oneof(spilled, value), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 8,
  })
  const file = anywhere.map(rows => rows.map(cells => cells.join(',')).join('\n'))
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        file,
        file.map(text => `email,locale\n${text}`),
        scribble,
      ),
      async text => {
        const { result, refusedRows } = await indexFile(text)
        expect(JSON.stringify(result)).not.toMatch(/\S@\S/)
        for (const { reason, explanation } of refusedIn(refusedRows)) {
          expect(`${reason} ${explanation}`).not.toMatch(/\S@\S/)
        }
      },
    ),
    { numRuns: 300 },
  )
})

it('the audience of a good file holds only what its contract allows', async () => {
  expect(await audienceOf('email,first_name\nada@example.com,Ada\nADA@example.com,Ada\n')).toEqual({
    rows: 2,
    recipients: 1,
    refusedRows: 1,
    refusedByReason: { duplicate: 1 },
    batches: 1,
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    locales: { '': 1 },
    lanes: {},
    variables: { first_name: { present: 1 } },
  })
})

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0)
const linesIn = (rows: Rows) => rows.flat().join('').split('\n').length - 1
