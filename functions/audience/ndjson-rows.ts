import { isVariableName, roleOfName } from './columns.ts'
import { COLUMNS_MAX, type FileProblem, fileProblems } from './file-problem.ts'
import { type RefusedRow, ROW_BYTES_MAX, type RowEvent, refuseRow } from './row.ts'
import type { ReadRows } from './upload-rows.ts'

const LINE_FEED = 10

/** Reads NDJSON: one object a line, whose keys are `email`, `locale` and the names of variables. Blank lines are skipped. */
export function createNdjsonReader(): ReadRows {
  let rest: Buffer = Buffer.alloc(0)
  let line = 0
  let inLongLine = false
  const names = new Set<string>()

  function readLine(bytes: Buffer): RowEvent | undefined {
    if (bytes.length > ROW_BYTES_MAX)
      return refuseRow(line, '', 'row-too-long', bytes.toString('utf8', 0, ROW_BYTES_MAX))
    const text = bytes.toString().trim()
    return text === '' ? undefined : readObject(text, line, names)
  }

  return function read(chunk, last) {
    const bytes = Buffer.concat([rest, chunk])
    const events: RowEvent[] = []
    let at = 0
    while (at < bytes.length) {
      const lineFeed = bytes.indexOf(LINE_FEED, at)
      const end = lineFeed === -1 ? bytes.length : lineFeed + 1
      if (lineFeed === -1 && !last && !inLongLine && end - at <= ROW_BYTES_MAX) break
      if (!inLongLine) {
        line++
        const event = readLine(bytes.subarray(at, end))
        if (event !== undefined) events.push(event)
      }
      inLongLine = lineFeed === -1
      at = end
    }
    rest = bytes.subarray(at)
    return events
  }
}

function readObject(text: string, line: number, names: Set<string>): RowEvent {
  const parsed = parseObject(text)
  if (parsed === undefined) return refuseRow(line, '', 'not-an-object', text)
  const row = { kind: 'row' as const, line, email: '', locale: '', names: [] as string[], values: [] as string[] }
  const seen = new Set<string>()
  for (const [name, value] of Object.entries(parsed)) {
    if (value === null) continue
    if (typeof value === 'object') return refuseRow(line, name, 'nested-value', JSON.stringify(value))
    const role = roleOfName(name)
    if (role !== 'variable') {
      if (seen.has(role)) return refuseRow(line, name, 'field-twice', text)
      seen.add(role)
      row[role] = String(value)
    } else {
      const fault = faultOfName(name, text, line, names)
      if (fault !== undefined) return fault
      row.names.push(name)
      row.values.push(String(value))
    }
  }
  return row
}

function faultOfName(
  name: string,
  text: string,
  line: number,
  names: Set<string>,
): RefusedRow | FileProblem | undefined {
  if (names.has(name)) return undefined
  if (!isVariableName(name)) return refuseRow(line, name, 'variable-name', text)
  if (names.size === COLUMNS_MAX) return fileProblems.tooManyColumns(line)
  names.add(name)
  return undefined
}

function parseObject(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text, numbersAsWritten)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/** Keeps `1.50` and account numbers of twenty digits as they stand in the file. */
function numbersAsWritten(_: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? value) : value
}
