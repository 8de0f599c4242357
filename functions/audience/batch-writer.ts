import { createHash } from 'node:crypto'
import { encodeBatchSlice, sha256Hex } from '../recipient/batch-index.ts'
import { BATCH_SIZE } from '../recipient/recipient.ts'
import type { ByteSink } from './byte-sink.ts'

/**
 * Writes recipient lines and the index of their batches: `batchSize` consecutive recipients each, the last with what is left.
 * The digest of the index, which is the digest of the audience, is complete when `finish` has returned.
 */
export function createBatchWriter(recipients: ByteSink, batches: ByteSink, batchSize: number = BATCH_SIZE) {
  const audienceDigest = createHash('sha256')
  let lines = ''
  let size = 0
  let offset = 0
  let written = 0

  async function writeBatch(): Promise<void> {
    const bytes = Buffer.from(lines)
    const indexLine = encodeBatchSlice({ offset, length: bytes.length, size, digest: sha256Hex(bytes) })
    audienceDigest.update(indexLine)
    offset += bytes.length
    written++
    lines = ''
    size = 0
    await recipients.write(bytes)
    await batches.write(Buffer.from(indexLine))
  }

  return {
    /** Undefined while the batch has room, so that most lines cost no turn of the event loop. */
    add(line: string): Promise<void> | undefined {
      lines += line
      size++
      return size === batchSize ? writeBatch() : undefined
    },
    async finish(): Promise<{ batches: number; digest: string }> {
      if (size > 0) await writeBatch()
      return { batches: written, digest: audienceDigest.digest('hex') }
    },
  }
}
