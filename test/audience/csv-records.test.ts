import { expect, it } from 'vitest'
import { createRecordCutter } from '../../functions/audience/csv-records.ts'
import { ROW_BYTES_MAX } from '../../functions/audience/row.ts'

it('a quote that stays open holds the rows after it back for no longer than a row may be', () => {
  const cut = createRecordCutter(',', 2)
  const row = 'ada@example.com,en,Ada\n'
  const rows = Buffer.from(row.repeat(Math.ceil(ROW_BYTES_MAX / row.length)))
  expect(cut(Buffer.from('bob@example.com,en,"Bob\n'), false)).toEqual([])
  const [broken, records] = cut(rows, false)
  expect(broken).toMatchObject({ kind: 'broken-line', reason: 'quote-not-closed', line: 2 })
  expect(records).toMatchObject({ kind: 'records', bytes: rows })
})
