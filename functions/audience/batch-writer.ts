import { createHash } from 'node:crypto'
import { type Lanes, laneFinder } from '../pacer/lanes.ts'
import { encodeBatchSlice, sha256Hex } from '../recipient/batch-index.ts'
import { BATCH_SIZE } from '../recipient/recipient.ts'
import type { ByteSink } from './byte-sink.ts'

export interface BatchLayout {
  /** Ceilings of mailbox providers, whose recipients get batches of their own; none unless given. */
  readonly lanes?: Lanes
  /** Recipients in a batch at most; BATCH_SIZE unless given. */
  readonly batchSize?: number
}

/** What is gathered for the next batch of one lane. */
interface OpenBatch {
  readonly lane: string | undefined
  readonly capacity: number
  lines: string
  size: number
  /** Recipients in the lane so far. */
  recipients: number
}

/**
 * Writes recipient lines and the index of their batches. A batch has recipients of one lane, in the order of the file: up to
 * `batchSize`, in a lane with a ceiling about as many as it gets in a second. Batches are written in the order in which they
 * become full, the rest at the end: the main lane, then the others by name. Only these are in memory.
 * The digest of the index, which is the digest of the audience, is complete when `finish` has returned.
 */
export function createBatchWriter(recipients: ByteSink, batches: ByteSink, layout: BatchLayout = {}) {
  const { lanes = {}, batchSize = BATCH_SIZE } = layout
  const main = openBatch(undefined, batchSize)
  const others = Object.entries(lanes).map(([lane, ceiling]) => openBatch(lane, laneBatchSize(ceiling, batchSize)))
  const batchOf = batchFinder(lanes, main, others)
  const audienceDigest = createHash('sha256')
  let offset = 0
  let written = 0

  async function writeBatch(batch: OpenBatch): Promise<void> {
    const { lane, lines, size } = batch
    const bytes = Buffer.from(lines)
    const slice = { offset, length: bytes.length, size, digest: sha256Hex(bytes), ...(lane !== undefined && { lane }) }
    const indexLine = encodeBatchSlice(slice)
    audienceDigest.update(indexLine)
    offset += bytes.length
    written++
    batch.lines = ''
    batch.size = 0
    await recipients.write(bytes)
    await batches.write(Buffer.from(indexLine))
  }

  return {
    /** Undefined while the batch has room, so that most lines cost no turn of the event loop. */
    add(address: string, line: string): Promise<void> | undefined {
      const batch = batchOf(address)
      batch.lines += line
      batch.size++
      batch.recipients++
      return batch.size === batch.capacity ? writeBatch(batch) : undefined
    },
    async finish(): Promise<{ batches: number; digest: string; lanes: Record<string, number> }> {
      const byName = others.toSorted((a, b) => ((a.lane ?? '') < (b.lane ?? '') ? -1 : 1))
      for (const batch of [main, ...byName]) if (batch.size > 0) await writeBatch(batch)
      const counts = Object.fromEntries(others.map(batch => [batch.lane, batch.recipients]))
      return { batches: written, digest: audienceDigest.digest('hex'), lanes: counts }
    },
  }
}

function openBatch(lane: string | undefined, capacity: number): OpenBatch {
  return { lane, capacity, lines: '', size: 0, recipients: 0 }
}

/** A whole batch goes to one sender, so one of a slow lane would keep the rest of the lane waiting for as long as it takes. */
function laneBatchSize(ceiling: number, batchSize: number): number {
  return Math.max(1, Math.min(Math.floor(ceiling), batchSize))
}

function batchFinder(lanes: Lanes, main: OpenBatch, others: readonly OpenBatch[]): (address: string) => OpenBatch {
  if (others.length === 0) return () => main
  const laneOf = laneFinder(lanes)
  const byLane = new Map(others.map(batch => [batch.lane, batch]))
  return address => byLane.get(laneOf(address.slice(address.indexOf('@') + 1))) ?? main
}
