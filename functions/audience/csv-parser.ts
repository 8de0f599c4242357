import { CsvError, parse } from 'csv-parse/sync'

/** Consecutive whole records: `starts[i]` is where record i begins in `bytes`, `lines[i]` in which line of the file. */
export interface Records {
  readonly kind: 'records'
  readonly bytes: Buffer
  readonly starts: readonly number[]
  readonly lines: readonly number[]
}

/** The fields of one record as the file gives them, quotes removed; undefined when a quote stands where none may. */
export function parseRecord(bytes: Buffer, separator: string): string[] | undefined {
  const [record, ...more] = parseOrUndefined(bytes, separator) ?? []
  return more.length === 0 ? record : undefined
}

/** Parses by the block, where the parser is fast; only a block with a bad record is halved until that one is found. */
export function parseRecords({ bytes, starts }: Records, separator: string): (string[] | undefined)[] {
  function parseSome(first: number, end: number): (string[] | undefined)[] {
    const records = parseOrUndefined(bytes.subarray(starts[first], starts[end] ?? bytes.length), separator)
    if (records?.length === end - first) return records
    if (end - first === 1) return [undefined]
    const middle = (first + end) >> 1
    return [...parseSome(first, middle), ...parseSome(middle, end)]
  }
  return parseSome(0, starts.length)
}

function parseOrUndefined(bytes: Buffer, separator: string): string[][] | undefined {
  try {
    return parse(bytes, {
      delimiter: separator,
      record_delimiter: ['\r\n', '\n'],
      columns: false,
      relax_column_count: true,
      trim: true,
    })
  } catch (error) {
    if (error instanceof CsvError) return undefined
    throw error
  }
}
