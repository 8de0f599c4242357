import { parseRecord, type Records } from './csv-parser.ts'
import { ROW_BYTES_MAX } from './row.ts'

const QUOTE = 34
const LINE_FEED = 10

/** A line that is no record, nor the beginning of one. */
export interface BrokenLine {
  readonly kind: 'broken-line'
  readonly reason: 'quote-not-closed' | 'quote-misplaced' | 'row-too-long'
  readonly line: number
  readonly bytes: Buffer
}

/** What stands next in the bytes, up to `end`. `rest-of-line` is what follows a line that was too long. */
interface Step {
  readonly found: 'record' | 'rest-of-line' | BrokenLine['reason']
  readonly end: number
}

/**
 * Cuts a stream of CSV into records, chunk by chunk. A record ends at a line feed with an even number of quotes before it.
 * A quote that is not closed within ROW_BYTES_MAX, or whose closing makes no sense, spoils only the line it opens in: the
 * next line is read as a row again, so that one stray quote cannot swallow the rows after it.
 */
export function createRecordCutter(separator: string, firstLine: number) {
  let rest: Buffer = Buffer.alloc(0)
  let line = firstLine
  let inLongLine = false

  function cut(chunk: Buffer, last: boolean): (Records | BrokenLine)[] {
    const bytes = Buffer.concat([rest, chunk])
    const pieces: (Records | BrokenLine)[] = []
    let block = { start: 0, starts: [] as number[], lines: [] as number[] }
    let at = 0

    function closeBlock(next: number): void {
      const { start, starts, lines } = block
      if (starts.length > 0) pieces.push({ kind: 'records', bytes: bytes.subarray(start, at), starts, lines })
      block = { start: next, starts: [], lines: [] }
    }

    for (let step = nextStep(bytes, at, last); step !== undefined; step = nextStep(bytes, at, last)) {
      const { found, end } = step
      if (found === 'record') {
        block.starts.push(at - block.start)
        block.lines.push(line)
      } else {
        closeBlock(end)
        if (found !== 'rest-of-line') {
          pieces.push({ kind: 'broken-line', reason: found, line, bytes: bytes.subarray(at, end) })
        }
      }
      line += countLineFeeds(bytes, at, end)
      at = end
    }
    closeBlock(at)
    rest = bytes.subarray(at)
    return pieces
  }

  function nextStep(bytes: Buffer, at: number, last: boolean): Step | undefined {
    if (at === bytes.length) return undefined
    const lineFeed = bytes.indexOf(LINE_FEED, at)
    const lineEnd = lineFeed === -1 ? bytes.length : lineFeed + 1
    const wasInLongLine = inLongLine
    inLongLine = false
    if (wasInLongLine || lineEnd - at > ROW_BYTES_MAX) {
      inLongLine = lineFeed === -1
      return { found: wasInLongLine ? 'rest-of-line' : 'row-too-long', end: lineEnd }
    }
    const bounded = bytes.length - at > ROW_BYTES_MAX
    const end = recordEnd(bytes, at) ?? (last && !bounded && !isQuoteOpen(bytes, at) ? bytes.length : undefined)
    if (end === undefined) return bounded || last ? { found: 'quote-not-closed', end: lineEnd } : undefined
    const misplaced = end > lineEnd && parseRecord(bytes.subarray(at, end), separator) === undefined
    return misplaced ? { found: 'quote-misplaced', end: lineEnd } : { found: 'record', end }
  }

  return cut
}

/** The index after the record that begins at `start`; undefined when it does not end within ROW_BYTES_MAX, or not yet. */
function recordEnd(bytes: Buffer, start: number): number | undefined {
  const end = Math.min(bytes.length, start + ROW_BYTES_MAX)
  let quoted = false
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) quoted = !quoted
    else if (byte === LINE_FEED && !quoted) return at + 1
  }
  return undefined
}

function isQuoteOpen(bytes: Buffer, start: number): boolean {
  let quoted = false
  for (let at = start; at < bytes.length; at++) if (bytes[at] === QUOTE) quoted = !quoted
  return quoted
}

function countLineFeeds(bytes: Buffer, start: number, end: number): number {
  let count = 0
  for (let at = bytes.indexOf(LINE_FEED, start); at !== -1 && at < end; at = bytes.indexOf(LINE_FEED, at + 1)) count++
  return count
}
