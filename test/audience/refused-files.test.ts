import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ROW_BYTES_MAX } from '../../functions/audience/row.ts'
import { problemOf, refusedIn } from './index-file.ts'

const utf16 = Buffer.from('\ufeffemail\nada@example.com\n', 'utf16le')
const wide = Array.from({ length: 101 }, (_, n) => `column_${n}`).join(',')
const locales = Array.from({ length: 201 }, (_, n) => `en-var${100 + n}`)
const manyLocales = `email,locale\n${locales.map((locale, n) => `c${n}@example.com,${locale}\n`).join('')}`
const manyNames = Array.from({ length: 101 }, (_, n) => JSON.stringify({ email: `c${n}@example.com`, [`v${n}`]: 1 }))

describe.each([
  [
    'an empty file',
    '',
    'empty-file',
    undefined,
    'Its first line must name the columns, such as: email,locale,first_name.',
  ],
  ['blank lines only', ' \r\n\n \t', 'empty-file', undefined, 'The file is empty.'],
  ['a byte order mark only', '\ufeff', 'empty-file', undefined, 'The file is empty.'],
  ['a header without rows', 'email,locale\n\n', 'header-only', undefined, 'Add one row a recipient.'],
  [
    'no email column',
    'name,mobile\nAda,1\n',
    'missing-email-column',
    1,
    'but "name", "mobile". Name the column that holds the addresses "email".',
  ],
  ['a column that is nearly email', '\n"E-Mail";name\nx;y', 'missing-email-column', 2, 'Rename "E-Mail" to "email".'],
  ['another separator', 'email|name\n', 'missing-email-column', 1, 'separated by a comma, a semicolon or a tab'],
  ['no header', 'ada@example.com,en\nbob@example.com,en\n', 'missing-header', 1, 'Put a header line before it'],
  ['a column twice', 'email,city,city\n', 'duplicate-column', 1, '"city" twice. Rename or remove one.'],
  ['email twice', 'email,EMAIL\n', 'duplicate-column', 1, '"EMAIL" twice'],
  ['a column without a name', 'email,,city\n', 'column-without-name', 1, 'Column 2 has no name'],
  ['a name that is no variable', 'email,prénom client\n', 'column-name', 1, 'for example to "prenom_client"'],
  ['a name that templates use', 'email,each\n', 'column-name', 1, 'no word that templates use themselves'],
  ['a name that JavaScript uses', 'email,__proto__\n', 'column-name', 1, 'cannot be a variable'],
  ['a name with an address in it', 'email,x y@example.com\n', 'column-name', 1, 'names a column (an address), which'],
  ['too many columns', `email,${wide}\n`, 'too-many-columns', 1, 'more than 100 columns'],
  ['too many variables', manyNames.join('\n'), 'too-many-columns', 101, 'more than 100 columns'],
  ['too many locales', manyLocales, 'too-many-locales', 202, 'Check that the column "locale" holds language tags'],
  [
    'a quote left open in the header',
    'email,"city\nada@example.com,Ulm\n',
    'header-quotes',
    1,
    'A quote in the header line',
  ],
  ['a line without end', `email,${'x'.repeat(ROW_BYTES_MAX)}`, 'header-too-long', 1, 'has no end within 65536 bytes'],
  ['a JSON array', '\n[{"email":"ada@example.com"}]', 'json-array', 2, 'Write one object a line'],
  ['UTF-16', utf16, 'utf-16', 1, 'Save it as "CSV UTF-8"'],
  ['UTF-16 without its mark', utf16.subarray(2), 'not-text', 1, 'byte 2 of the file is zero'],
  ['a workbook', Buffer.from('PK\u0003\u0004rest'), 'not-text', 1, 'a workbook or an archive'],
  ['a gzip archive', gzipSync('email\n'), 'not-text', 1, 'unpack the archive'],
  [
    'a byte of Latin-1',
    Buffer.from('email,n\na@example.com,é\nb@example.com,\xe9\n', 'latin1').fill(0x78, 22, 23),
    'not-text',
    3,
    'byte 39 of the file cannot be read',
  ],
  [
    'a character cut off at the end',
    Buffer.from('email\nada@example.com,\u4f8b').subarray(0, -1),
    'not-text',
    2,
    'byte 23 of the file',
  ],
  ['a zero byte', 'email\nada@example.com\n\u0000', 'not-text', 3, 'byte 23 of the file is zero'],
] as const)('%s', (_, file, code, line, remedy) => {
  it.each([65_536, 5])('is refused as a whole, with its place and remedy (in chunks of %i)', async chunkBytes => {
    const { indexed, ...problem } = await problemOf(file, chunkBytes)
    expect(problem).toMatchObject({ code })
    expect(problem.line).toBe(line)
    expect(problem.message).toContain(remedy)
    for (const object of [indexed.recipients, indexed.batches, indexed.refusedRows]) expect(object).toHaveLength(0)
  })
})

it('a file whose rows are all refused says why most of them are, and keeps the file of refused rows', async () => {
  const { indexed, ...problem } = await problemOf('email,locale\nada,en\nbob,en\nc@example.com,xx\n')
  expect(problem).toEqual({
    kind: 'problem',
    code: 'no-recipients',
    line: 2,
    message:
      'No row of 3 can be sent to. The most frequent reason, in 2 of them, first in line 2: The address has no @. The file of refused rows lists them all.',
  })
  expect(refusedIn(indexed.refusedRows)).toHaveLength(3)
  expect(indexed.recipients).toHaveLength(0)
})
