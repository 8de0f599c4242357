import { parse } from 'csv-parse/sync'
import type { BatchLayout } from '../../functions/audience/batch-writer.ts'
import { type IndexResult, indexAudience } from '../../functions/audience/index-audience.ts'
import { audienceKeys } from '../../functions/recipient/audience.ts'
import type { Recipient } from '../../functions/recipient/recipient.ts'
import { decodeRecipientLine } from '../../functions/recipient/recipient-line.ts'
import { inChunks, memorySinks } from '../memory/memory-audience-files.ts'

export interface RefusedRowCells {
  readonly line: number
  readonly field: string
  readonly reason: string
  readonly explanation: string
  readonly value: string
}

export interface IndexedFile {
  readonly result: IndexResult
  readonly recipients: Buffer
  readonly batches: Buffer
  readonly refusedRows: Buffer
}

const secret = new Uint8Array(32).fill(7)

/** Indexes a file as the handler does, in memory. */
export async function indexFile(
  file: string | Uint8Array,
  chunkBytes = 65_536,
  layout?: BatchLayout,
): Promise<IndexedFile> {
  const objects = new Map<string, Buffer>()
  const bytes = typeof file === 'string' ? Buffer.from(file) : file
  const result = await indexAudience(inChunks(bytes, chunkBytes), memorySinks(objects, 'a'), secret, layout)
  const object = (key: string) => objects.get(key) ?? Buffer.alloc(0)
  return {
    result,
    recipients: object(audienceKeys.recipients('a')),
    batches: object(audienceKeys.batches('a')),
    refusedRows: object(audienceKeys.refusedRows('a')),
  }
}

/** The audience of a file that must be good. */
export async function audienceOf(file: string | Uint8Array, chunkBytes?: number) {
  const { result } = await indexFile(file, chunkBytes)
  if (result.kind === 'problem') throw new Error(`${result.code}: ${result.message}`)
  return result.audience
}

export async function problemOf(file: string | Uint8Array, chunkBytes?: number) {
  const indexed = await indexFile(file, chunkBytes)
  if (indexed.result.kind !== 'problem') throw new Error('The file was indexed')
  return { ...indexed.result, indexed }
}

export function recipientsIn(bytes: Buffer): Recipient[] {
  return bytes.toString().split('\n').slice(0, -1).map(decodeRecipientLine)
}

export function refusedIn(bytes: Buffer): RefusedRowCells[] {
  const [, ...records] = parse(bytes, { bom: false })
  return records.map(([line = '', field = '', reason = '', explanation = '', value = '']) => ({
    line: Number(line),
    field,
    reason,
    explanation,
    value,
  }))
}

/** `line reason` of every refused row. */
export async function refusalsOf(file: string, chunkBytes?: number): Promise<string[]> {
  const { refusedRows } = await indexFile(file, chunkBytes)
  return refusedIn(refusedRows).map(({ line, reason }) => `${line} ${reason}`)
}
