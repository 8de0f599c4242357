import { createHash } from 'node:crypto'
import { Defect } from '../runtime/defect.ts'
import { type BatchSlice, batchSliceSchema } from './audience.ts'
import type { Recipient } from './recipient.ts'
import { decodeRecipientLine } from './recipient-line.ts'

/**
 * The `batches` object: one line `offset length size sha256hex` a batch, and of one that belongs to a lane its name, in batch
 * order. The digest of an audience is the SHA-256 of exactly these bytes, which in turn hold the digest of every batch:
 * approving it binds every recipient.
 */
export function encodeBatchSlice({ offset, length, size, digest, lane }: BatchSlice): string {
  return `${offset} ${length} ${size} ${digest}${lane === undefined ? '' : ` ${lane}`}\n`
}

export function sha256Hex(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The slices that the bytes hold, once they are known to be the approved ones. */
export function verifyBatchIndex(bytes: Uint8Array, audienceId: string, audienceDigest: string): BatchSlice[] {
  const found = sha256Hex(bytes)
  if (found !== audienceDigest) {
    throw new Defect(
      'audience-digest',
      `The index of audience ${audienceId} has digest ${found}, approved is ${audienceDigest}`,
    )
  }
  return Buffer.from(bytes).toString().split('\n').slice(0, -1).map(decodeBatchSlice)
}

function decodeBatchSlice(line: string): BatchSlice {
  const [offset, length, size, digest, lane] = line.split(' ')
  const numbers = { offset: Number(offset), length: Number(length), size: Number(size) }
  return batchSliceSchema.parse({ ...numbers, digest, ...(lane !== undefined && { lane }) })
}

/** Throws a Defect `batch-digest` when the bytes are not those that were indexed. */
export function verifySlice(bytes: Uint8Array, audienceId: string, slice: BatchSlice): void {
  if (bytes.length !== slice.length || sha256Hex(bytes) !== slice.digest) {
    throw new Defect(
      'batch-digest',
      `The bytes of audience ${audienceId} at ${slice.offset} are not those that were indexed`,
    )
  }
}

/** The recipients that the bytes of a slice hold, once they are known to be the indexed ones. */
export function verifyBatch(bytes: Uint8Array, audienceId: string, slice: BatchSlice): Recipient[] {
  verifySlice(bytes, audienceId, slice)
  return Buffer.from(bytes).toString().split('\n').slice(0, -1).map(decodeRecipientLine)
}
