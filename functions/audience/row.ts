import { addressFaults } from '../recipient/address.ts'
import { localeFaults } from '../recipient/locale.ts'
import type { FileProblem } from './file-problem.ts'

/** Longer values belong into the notice, not into a row of its audience. */
export const VALUE_LENGTH_MAX = 4096
/** Longer rows are taken for a broken file. Also bounds how far a quote that never closes reaches. */
export const ROW_BYTES_MAX = 65_536

/** One row as the file gives it, before it is judged. `names` and `values` are its variables, in the file's order. */
export interface Row {
  readonly kind: 'row'
  readonly line: number
  readonly email: string
  readonly locale: string
  readonly names: readonly string[]
  readonly values: readonly string[]
}

/** A row that becomes no recipient. `value` is what stands in the field, or the whole row where no field is to blame. */
export interface RefusedRow {
  readonly kind: 'refused-row'
  readonly line: number
  readonly field: string
  readonly reason: RowFault
  readonly explanation: string
  readonly value: string
}

export type RowEvent = Row | RefusedRow | FileProblem

/** Every reason for refusing a row, and what the operator reads about it. Holds no address. */
export const rowFaults = {
  ...addressFaults,
  ...localeFaults,
  duplicate: 'The same address is on an earlier line.',
  'row-ragged': 'The row does not have as many fields as the header.',
  'row-too-long': `The row is longer than ${ROW_BYTES_MAX} bytes.`,
  'quote-not-closed': 'A quote opens in this line and does not close. Close it, or write quotes inside a field twice.',
  'quote-misplaced':
    'A quote stands inside a field. Put the whole field in quotes, and write the quotes inside it twice.',
  'value-too-long': `The value is longer than ${VALUE_LENGTH_MAX} characters.`,
  'control-character': 'The value holds a control character.',
  'not-an-object': 'The line is not a JSON object. Write one object a line, with the address under "email".',
  'nested-value': 'The value is a list or an object. Only text, numbers, true, false and null are allowed.',
  'field-twice': 'The row has this field twice.',
  'variable-name':
    'The name of this field cannot be a variable: letters, digits and _ only, not starting with a digit.',
} as const
export type RowFault = keyof typeof rowFaults

export function refuseRow(
  line: number,
  field: string,
  reason: RowFault,
  value: string,
  explanation: string = rowFaults[reason],
): RefusedRow {
  return { kind: 'refused-row', line, field, reason, explanation, value }
}
