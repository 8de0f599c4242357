import type { BatchSlice } from '../functions/recipient/audience.ts'
import { verifyBatch, verifyBatchIndex } from '../functions/recipient/batch-index.ts'
import type { Recipient } from '../functions/recipient/recipient.ts'
import { Defect } from '../functions/runtime/defect.ts'
import type { ApiClient } from './api-client.ts'
import { CommandFailure, PassingFailure } from './command-failure.ts'

/** Reads the recipients of batches; several that lie side by side with one request. */
export interface AudienceReader {
  readBatches(batches: readonly number[]): Promise<ReadonlyMap<number, readonly Recipient[]>>
}

/** Batches with less than this between them are fetched together. */
const GAP_BYTES_MAX = 32_768
const REQUEST_BYTES_MAX = 4_000_000

/**
 * The addresses of a notice, from the audience bucket itself. Every batch is checked against the digest that was approved. A
 * link that has run out is replaced.
 */
export async function openAudience(client: ApiClient, noticeId: string): Promise<AudienceReader> {
  let link = await client.requestRecipientsLink(noticeId)
  const { audienceDigest } = link
  const slices = trusting(await fetchBytes(link.batchesUrl), bytes => verifyBatchIndex(bytes, noticeId, audienceDigest))

  async function read(range: Range): Promise<Uint8Array> {
    try {
      return await fetchBytes(link.recipientsUrl, range)
    } catch (error) {
      if (!(error instanceof LinkExpired)) throw error
      link = await client.requestRecipientsLink(noticeId)
      return fetchBytes(link.recipientsUrl, range)
    }
  }

  return {
    readBatches: async batches => {
      const found = new Map<number, readonly Recipient[]>()
      for (const { offset, length, members } of rangesOf(slices, batches)) {
        const bytes = await read({ offset, length })
        for (const { batch, slice } of members) {
          const start = slice.offset - offset
          const own = bytes.subarray(start, start + slice.length)
          found.set(
            batch,
            trusting(own, trusted => verifyBatch(trusted, noticeId, slice)),
          )
        }
      }
      return found
    },
  }
}

interface Range {
  readonly offset: number
  readonly length: number
}

interface BatchRange extends Range {
  readonly members: readonly { readonly batch: number; readonly slice: BatchSlice }[]
}

/** The batches, in ascending order, as ranges of bytes that hold them and little else. */
function rangesOf(slices: readonly BatchSlice[], batches: readonly number[]): BatchRange[] {
  const ranges: BatchRange[] = []
  for (const batch of batches) {
    const slice = slices[batch]
    if (slice === undefined) throw misfit(`It has no batch ${batch}.`)
    const last = ranges.at(-1)
    const joined = last === undefined ? 0 : slice.offset + slice.length - last.offset
    const gap = last === undefined ? 0 : slice.offset - last.offset - last.length
    if (last === undefined || gap > GAP_BYTES_MAX || joined > REQUEST_BYTES_MAX) {
      ranges.push({ offset: slice.offset, length: slice.length, members: [{ batch, slice }] })
    } else {
      ranges[ranges.length - 1] = { ...last, length: joined, members: [...last.members, { batch, slice }] }
    }
  }
  return ranges
}

class LinkExpired extends CommandFailure {}

async function fetchBytes(url: string, range?: Range): Promise<Uint8Array> {
  const headers = range === undefined ? {} : { range: `bytes=${range.offset}-${range.offset + range.length - 1}` }
  try {
    const response = await fetch(url, { headers })
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (response.ok) return bytes
    const refused = `The audience bucket refused to give the addresses (HTTP ${response.status}).`
    const remedy = ['Run the command again. The link to them lasts 15 minutes.']
    throw response.status === 403 ? new LinkExpired(refused, remedy) : new PassingFailure(refused, remedy)
  } catch (error) {
    if (error instanceof CommandFailure) throw error
    const reason = error instanceof Error ? (error.cause ?? error) : error
    throw new PassingFailure(`The audience bucket could not be read: ${reason}`, ['Run the command again.'])
  }
}

function trusting<T>(bytes: Uint8Array, verify: (bytes: Uint8Array) => T): T {
  try {
    return verify(bytes)
  } catch (error) {
    throw error instanceof Defect ? misfit(error.message) : error
  }
}

export function misfit(how: string): CommandFailure {
  return new CommandFailure(`The audience in the bucket is not the one that was approved. ${how}`, [
    'Look who has written to the audience bucket. The deliveries by recipient key are in the API as ever.',
  ])
}
