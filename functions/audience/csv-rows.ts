import { type Columns, detectSeparator, readColumns } from './columns.ts'
import { parseRecord, parseRecords, type Records } from './csv-parser.ts'
import { type BrokenLine, createRecordCutter } from './csv-records.ts'
import { type FileProblem, fileProblems } from './file-problem.ts'
import { ROW_BYTES_MAX, type RowEvent, refuseRow } from './row.ts'
import type { ReadRows } from './upload-rows.ts'

const LINE_FEED = 10

/** Reads a CSV file. The first line that is not blank is the header; it decides the separator and the columns. */
export function createCsvReader(): ReadRows {
  let head: Buffer = Buffer.alloc(0)
  let line = 1
  let readBody: ReadRows | undefined

  return function read(bytes, last) {
    if (readBody !== undefined) return readBody(bytes, last)
    head = Buffer.concat([head, bytes])
    for (;;) {
      const lineFeed = head.indexOf(LINE_FEED)
      const end = lineFeed === -1 ? head.length : lineFeed + 1
      if (end > ROW_BYTES_MAX) return [fileProblems.headerTooLong(line)]
      if (lineFeed === -1 && !last) return []
      if (end === 0) return []
      const header = head.subarray(0, end)
      head = head.subarray(end)
      if (header.toString().trim() !== '') {
        const body = readHeader(header, line)
        if (typeof body !== 'function') return [body]
        readBody = body
        return readBody(head, last)
      }
      line++
    }
  }
}

function readHeader(header: Buffer, line: number): ReadRows | FileProblem {
  const separator = detectSeparator(header.toString())
  const cells = parseRecord(header, separator)
  if (cells === undefined) return fileProblems.headerQuotes(line)
  const columns = readColumns(cells, line)
  if (columns.kind === 'problem') return columns
  const cut = createRecordCutter(separator, line + 1)
  return (bytes, last) =>
    cut(bytes, last).flatMap(piece =>
      piece.kind === 'records' ? toRows(piece, separator, columns) : [refuseLine(piece)],
    )
}

function refuseLine({ line, reason, bytes }: BrokenLine): RowEvent {
  return refuseRow(line, '', reason, bytes.toString().trim())
}

function toRows(records: Records, separator: string, columns: Columns): RowEvent[] {
  const events: RowEvent[] = []
  for (const [index, fields] of parseRecords(records, separator).entries()) {
    const line = records.lines[index] ?? 0
    if (fields?.length === columns.count) events.push(toRow(fields, line, columns))
    else {
      const raw = records.bytes.toString('utf8', records.starts[index], records.starts[index + 1]).trim()
      if (raw !== '') events.push(refuseFields(fields, line, raw, columns))
    }
  }
  return events
}

function toRow(fields: readonly string[], line: number, { email, locale, variables, names }: Columns): RowEvent {
  const values = variables.map(index => fields[index] ?? '')
  return { kind: 'row', line, email: fields[email] ?? '', locale: fields[locale] ?? '', names, values }
}

function refuseFields(fields: readonly string[] | undefined, line: number, raw: string, columns: Columns): RowEvent {
  if (fields === undefined) return refuseRow(line, '', 'quote-misplaced', raw)
  const explanation = `The row has ${fields.length} fields, the header has ${columns.count}.`
  return refuseRow(line, '', 'row-ragged', raw, explanation)
}
