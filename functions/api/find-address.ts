import type { BatchSlice } from '../recipient/audience.ts'
import { verifySlice } from '../recipient/batch-index.ts'
import { beginRecipientLine } from '../recipient/recipient-line.ts'
import type { AudienceObjects } from './ports.ts'

/** Bytes that one request fetches, and requests under way at a time: together they bound the memory. */
const PART_BYTES = 4_000_000
const PARTS_AT_ONCE = 6

const LINE_FEED = 10

export type Search =
  | { readonly kind: 'found'; readonly batch: number }
  | { readonly kind: 'absent' }
  /** The time is over; nothing was found before this batch. */
  | { readonly kind: 'unfinished'; readonly next: number }

export interface SearchedAudience {
  readonly audienceId: string
  readonly slices: readonly BatchSlice[]
  /** The batch to begin at. */
  readonly from: number
}

/**
 * The batch in which a normalised address stands. The audience is read as it is stored, in parts that are whole batches, and
 * each batch read is checked against its digest: a "no" is one about the approved audience.
 */
export async function findBatchOf(
  objects: Pick<AudienceObjects, 'readRecipientBytes'>,
  { audienceId, slices, from }: SearchedAudience,
  { address, isLate }: { address: string; isLate: () => boolean },
): Promise<Search> {
  const lineStart = Buffer.from(beginRecipientLine(address))
  const parts = partition(slices, from)
  let found: number | undefined
  let taken = 0

  async function search(part: Part): Promise<void> {
    const { offset, length } = part
    const bytes = Buffer.from(await objects.readRecipientBytes(audienceId, offset, length))
    for (const slice of part.slices) {
      verifySlice(bytes.subarray(slice.offset - offset, end(slice) - offset), audienceId, slice)
    }
    const position = indexOfLine(bytes, lineStart)
    if (position !== -1) found = part.first + part.slices.findIndex(slice => position < end(slice) - offset)
  }

  async function searchParts(): Promise<void> {
    while (found === undefined && (taken === 0 || !isLate())) {
      const part = parts[taken]
      if (part === undefined) return
      taken++
      await search(part)
    }
  }

  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, searchParts))
  if (found !== undefined) return { kind: 'found', batch: found }
  const next = parts[taken]?.first
  return next === undefined ? { kind: 'absent' } : { kind: 'unfinished', next }
}

const end = ({ offset, length }: BatchSlice) => offset + length

interface Part {
  /** The batch of the first slice. */
  readonly first: number
  readonly slices: readonly BatchSlice[]
  readonly offset: number
  readonly length: number
}

function partition(slices: readonly BatchSlice[], from: number): Part[] {
  const byPart = Map.groupBy(slices.map((slice, batch) => ({ slice, batch })).slice(from), ({ slice }) =>
    Math.floor(slice.offset / PART_BYTES),
  )
  return [...byPart.values()].map(members => {
    const offset = members[0]?.slice.offset ?? 0
    return {
      first: members[0]?.batch ?? 0,
      slices: members.map(({ slice }) => slice),
      offset,
      length: members.reduce((sum, { slice }) => sum + slice.length, 0),
    }
  })
}

/** A variable may be called `address` too: only the beginning of a line is one of a recipient. */
function indexOfLine(bytes: Buffer, lineStart: Buffer): number {
  let position = bytes.indexOf(lineStart)
  while (position > 0 && bytes[position - 1] !== LINE_FEED) position = bytes.indexOf(lineStart, position + 1)
  return position
}
