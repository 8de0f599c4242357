import { createCsvReader } from './csv-rows.ts'
import { type FileProblem, fileProblems } from './file-problem.ts'
import { createNdjsonReader } from './ndjson-rows.ts'
import type { RowEvent } from './row.ts'
import { createTextCheck } from './text-check.ts'

/** Takes the next bytes of a file and gives the rows that they complete. `last` is set once, when nothing follows. */
export type ReadRows = (bytes: Buffer, last: boolean) => readonly RowEvent[]

/** Bounds how many rows are in memory at once, however large the chunks of the upload are. */
const CHUNK_BYTES = 16_384

const SPACES = new Set(Buffer.from(' \t\r\n'))

/** The rows of an upload in their order, some hundreds at a time. Ends at the first problem of the whole file. */
export async function* readUpload(upload: AsyncIterable<Uint8Array>): AsyncGenerator<readonly RowEvent[]> {
  const read = createUploadReader()
  for await (const chunk of upload) {
    for (let at = 0; at < chunk.length; at += CHUNK_BYTES) yield read(chunk.subarray(at, at + CHUNK_BYTES), false)
  }
  yield read(new Uint8Array(), true)
}

function createUploadReader() {
  const checkText = createTextCheck()
  let leading: Buffer = Buffer.alloc(0)
  let readRows: ReadRows | undefined

  return function read(chunk: Uint8Array, last: boolean): readonly RowEvent[] {
    const text = checkText(chunk, last)
    if (text.kind === 'problem') return [text]
    if (readRows !== undefined) return readRows(text.bytes, last)
    leading = Buffer.concat([leading, text.bytes])
    const chosen = chooseReader(leading)
    if (chosen === undefined) return last ? [fileProblems.empty()] : []
    if (typeof chosen !== 'function') return [chosen]
    readRows = chosen
    return readRows(leading, last)
  }
}

/** NDJSON begins with a brace, CSV with a name; undefined while there are only spaces. */
function chooseReader(leading: Buffer): ReadRows | FileProblem | undefined {
  const index = leading.findIndex(byte => !SPACES.has(byte))
  if (index === -1) return undefined
  const first = String.fromCharCode(leading[index] ?? 0)
  if (first === '[') return fileProblems.jsonArray(leading.subarray(0, index).toString().split('\n').length)
  return first === '{' ? createNdjsonReader() : createCsvReader()
}
