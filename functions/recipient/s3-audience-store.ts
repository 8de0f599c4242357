import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { audienceKeys, type BatchSlice } from './audience.ts'
import type { AudienceStore } from './audience-store.ts'
import { verifyBatch, verifyBatchIndex } from './batch-index.ts'

/** Indexes kept by a warm function. One of ten million recipients takes some 20 MB. */
const CACHED_INDEXES = 3

/**
 * Indexed audiences in the audience bucket. A batch is one ranged GET. Everything read is checked against a digest that the
 * approval binds, so an object that was changed or cut short is a defect and not a wrong recipient.
 */
export function s3AudienceStore(client: S3Client, bucket: string): AudienceStore {
  const indexes = new Map<string, Promise<readonly BatchSlice[]>>()

  async function read(key: string, range?: string): Promise<Uint8Array> {
    const { Body } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, ...(range !== undefined && { Range: range }) }),
    )
    return (await Body?.transformToByteArray()) ?? new Uint8Array()
  }

  return {
    readBatchSlices: (audienceId, audienceDigest) => {
      const cached = indexes.get(audienceDigest)
      if (cached !== undefined) return cached
      const [oldest] = indexes.keys()
      if (indexes.size >= CACHED_INDEXES && oldest !== undefined) indexes.delete(oldest)
      const slices = read(audienceKeys.batches(audienceId)).then(bytes =>
        verifyBatchIndex(bytes, audienceId, audienceDigest),
      )
      indexes.set(audienceDigest, slices)
      slices.catch(() => indexes.delete(audienceDigest))
      return slices
    },
    readRecipients: async (audienceId, slice) => {
      const range = `bytes=${slice.offset}-${slice.offset + slice.length - 1}`
      return verifyBatch(await read(audienceKeys.recipients(audienceId), range), audienceId, slice)
    },
  }
}
