import { isUtf8 } from 'node:buffer'
import { type FileProblem, fileProblems } from './file-problem.ts'

/** Bytes that are whole UTF-8 characters. */
export interface CheckedText {
  readonly kind: 'text'
  readonly bytes: Buffer
}

const LINE_FEED = 10
const BYTE_ORDER_MARK = Buffer.from('\ufeff')
/** Enough to tell every signature below. */
const SIGNATURE_BYTES = 4

/** Makes sure, chunk by chunk, that an upload is UTF-8 text, and takes its byte order mark off. */
export function createTextCheck() {
  let held: Buffer = Buffer.alloc(0)
  let started = false
  let byteOffset = 0
  let lineFeeds = 0

  function check(chunk: Uint8Array, last: boolean): CheckedText | FileProblem {
    const bytes =
      held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([held, chunk])
    if (!started && bytes.length < SIGNATURE_BYTES && !last) return hold(bytes, 0)
    if (!started && hasForeignSignature(bytes)) return foreignSignature(bytes)
    const from = !started && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0
    started = true
    const to = last ? bytes.length : endOfWholeCharacters(bytes)
    const text = bytes.subarray(from, to)
    if (text.includes(0)) return fileProblems.nulByte(...place(text, text.indexOf(0), from))
    if (!isUtf8(text)) return fileProblems.notText(...place(text, firstInvalidByte(text), from))
    lineFeeds += countLineFeeds(text, text.length)
    return hold(bytes, to, from)
  }

  function hold(bytes: Buffer, to: number, from = 0): CheckedText {
    held = Buffer.from(bytes.subarray(to))
    byteOffset += to
    return { kind: 'text', bytes: bytes.subarray(from, to) }
  }

  function place(text: Buffer, index: number, from: number): [line: number, byte: number] {
    return [lineFeeds + countLineFeeds(text, index) + 1, byteOffset + from + index + 1]
  }

  return check
}

const startsWith = (bytes: Buffer, ...signature: number[]) => signature.every((byte, index) => bytes[index] === byte)
const isUtf16 = (bytes: Buffer) => startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)
/** ZIP (and so every workbook) and gzip. */
const isArchive = (bytes: Buffer) => startsWith(bytes, 0x50, 0x4b, 3, 4) || startsWith(bytes, 0x1f, 0x8b)

const hasForeignSignature = (bytes: Buffer) => isUtf16(bytes) || isArchive(bytes)
const foreignSignature = (bytes: Buffer) => (isUtf16(bytes) ? fileProblems.utf16() : fileProblems.archive())

function countLineFeeds(bytes: Buffer, end: number): number {
  let count = 0
  for (let at = bytes.indexOf(LINE_FEED); at !== -1 && at < end; at = bytes.indexOf(LINE_FEED, at + 1)) count++
  return count
}

/** Where a character begins that the chunk may hold only a part of: at most three bytes before the end. */
function endOfWholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0
    if (length > 0) return length > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

/** Where the first invalid character begins, by bisection: every prefix that ends after it is invalid. */
function firstInvalidByte(bytes: Buffer): number {
  let valid = 0
  let invalid = bytes.length
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1
    const prefix = bytes.subarray(0, middle)
    if (isUtf8(prefix.subarray(0, endOfWholeCharacters(prefix)))) valid = middle
    else invalid = middle
  }
  return endOfWholeCharacters(bytes.subarray(0, valid))
}
