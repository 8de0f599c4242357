import { NO_RECIPIENTS } from '../recipient/audience.ts'
import { withoutAddresses } from '../runtime/log.ts'
import { type RowFault, rowFaults } from './row.ts'

/** What is wrong with a file as a whole. Messages say what, where and what to do; they hold no address. */
export interface FileProblem {
  readonly kind: 'problem'
  readonly code: string
  readonly message: string
  readonly line?: number
}

export const UPLOAD_BYTES_MAX = 5 * 1024 ** 3
export const COLUMNS_MAX = 100
export const LOCALES_MAX = 200

const HEADER_EXAMPLE = 'such as: email,locale,first_name'

function problem(code: string, message: string, line?: number): FileProblem {
  return { kind: 'problem', code, message, ...(line !== undefined && { line }) }
}

const holdsAddress = (name: string) => name.includes('@') || withoutAddresses(name) !== name

/** A name as a message may show it: short, on one line, and never an address. */
function shown(name: string): string {
  return holdsAddress(name) ? '(an address)' : JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name)
}

export const fileProblems = {
  empty: () => problem('empty-file', `The file is empty. Its first line must name the columns, ${HEADER_EXAMPLE}.`),
  headerOnly: () => problem('header-only', 'The file has a header line but no rows. Add one row a recipient.'),
  tooLarge: (bytes: number) =>
    problem(
      'file-too-large',
      `The file has ${bytes} bytes, at most ${UPLOAD_BYTES_MAX} are allowed. Remove the columns that the notice does not use, or split the audience over several notices.`,
    ),
  notText: (line: number, byte: number) =>
    problem(
      'not-text',
      `Line ${line} is not UTF-8 text: byte ${byte} of the file cannot be read. Save the file as "CSV UTF-8" and upload it again.`,
      line,
    ),
  nulByte: (line: number, byte: number) =>
    problem(
      'not-text',
      `Line ${line} is not text: byte ${byte} of the file is zero. If the file is a table, save it as "CSV UTF-8" and upload that.`,
      line,
    ),
  utf16: () =>
    problem(
      'utf-16',
      'The file is encoded in UTF-16. Save it as "CSV UTF-8" (Excel), or with the encoding UTF-8 (text editors), and upload it again.',
      1,
    ),
  archive: () =>
    problem(
      'not-text',
      'The file is a workbook or an archive, not text. Save the sheet as "CSV UTF-8", or unpack the archive, and upload that.',
      1,
    ),
  jsonArray: (line: number) =>
    problem(
      'json-array',
      'The file is a JSON array. Write one object a line (NDJSON), without brackets around them or commas between them.',
      line,
    ),
  headerTooLong: (line: number) =>
    problem(
      'header-too-long',
      `The header line has no end within 65536 bytes. The first line must name the columns, ${HEADER_EXAMPLE}.`,
      line,
    ),
  headerQuotes: (line: number) =>
    problem('header-quotes', 'A quote in the header line is not closed, or stands inside a name. Remove it.', line),
  missingHeader: (line: number) =>
    problem(
      'missing-header',
      `Line ${line} holds an address where the columns should be named. Put a header line before it, ${HEADER_EXAMPLE}.`,
      line,
    ),
  missingEmailColumn: (line: number, columns: readonly string[], similar: string | undefined) => {
    const seen = columns.slice(0, 20).map(shown).join(', ') + (columns.length > 20 ? ', …' : '')
    const remedy =
      similar === undefined
        ? 'Name the column that holds the addresses "email". Columns are separated by a comma, a semicolon or a tab.'
        : `Rename ${shown(similar)} to "email".`
    return problem('missing-email-column', `Line ${line} names no column "email", but ${seen}. ${remedy}`, line)
  },
  columnWithoutName: (line: number, position: number) =>
    problem('column-without-name', `Column ${position} has no name in line ${line}. Name it or remove it.`, line),
  duplicateColumn: (line: number, name: string) =>
    problem('duplicate-column', `Line ${line} names the column ${shown(name)} twice. Rename or remove one.`, line),
  columnName: (line: number, name: string) =>
    problem(
      'column-name',
      `Line ${line} names a column ${shown(name)}, which cannot be a variable: letters, digits and _ only, not starting with a digit, and no word that templates use themselves. Rename it${suggestion(name)}.`,
      line,
    ),
  tooManyColumns: (line: number) =>
    problem(
      'too-many-columns',
      `By line ${line} there are more than ${COLUMNS_MAX} columns. Keep those that the notice uses.`,
      line,
    ),
  tooManyLocales: (line: number) =>
    problem(
      'too-many-locales',
      `By line ${line} there are more than ${LOCALES_MAX} different locales. Check that the column "locale" holds language tags such as en or pt-BR.`,
      line,
    ),
  noRecipients: (rows: number, most: { reason: RowFault; rows: number; line: number }) =>
    problem(
      NO_RECIPIENTS,
      `No row of ${rows} can be sent to. The most frequent reason, in ${most.rows} of them, first in line ${most.line}: ${rowFaults[most.reason]} The file of refused rows lists them all.`,
      most.line,
    ),
} as const

function suggestion(name: string): string {
  if (holdsAddress(name)) return ''
  const identifier = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/\W+/g, '_')
    .replace(/^_+|_+$/g, '')
  return /^[A-Za-z]\w{0,39}$/.test(identifier) && identifier !== name ? `, for example to "${identifier}"` : ''
}
