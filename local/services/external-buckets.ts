import {
  CreateBucketCommand,
  HeadBucketCommand,
  NotFound,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { ObjectCreated } from './s3.ts'

const POLL_INTERVAL_MS = 1000

/** Creates the buckets that an S3 of somebody else lacks. */
export async function createBuckets(client: S3Client, buckets: readonly string[]): Promise<void> {
  for (const Bucket of buckets) {
    try {
      await client.send(new HeadBucketCommand({ Bucket }))
    } catch (error) {
      if (!(error instanceof NotFound)) throw error
      await client.send(new CreateBucketCommand({ Bucket }))
    }
  }
}

/**
 * An S3 of somebody else cannot call us, so its objects under `prefix` are listed every second, and a key that is new
 * or has another entity tag raises the event, up to a second late. What is there at the start raises none, and of two
 * versions within one second only the second is seen.
 */
export async function pollObjectsCreated(
  client: S3Client,
  buckets: readonly string[],
  prefix: string,
  onObjectCreated: (event: ObjectCreated) => void,
): Promise<{ close(): Promise<void> }> {
  const known = new Map<string, string>()
  await look(client, buckets, prefix, known, () => {})
  const closing = new AbortController()
  const polling = (async () => {
    while (!closing.signal.aborted) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, POLL_INTERVAL_MS)
        closing.signal.addEventListener('abort', () => {
          clearTimeout(timer)
          resolve()
        })
      })
      if (!closing.signal.aborted) await look(client, buckets, prefix, known, onObjectCreated).catch(reportFailure)
    }
  })()
  return {
    close: () => {
      closing.abort()
      return polling
    },
  }
}

async function look(
  client: S3Client,
  buckets: readonly string[],
  Prefix: string,
  known: Map<string, string>,
  onObjectCreated: (event: ObjectCreated) => void,
): Promise<void> {
  for (const bucket of buckets) {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix })) {
      for (const { Key: key = '', Size: size = 0, ETag = '' } of page.Contents ?? []) {
        const etag = ETag.replaceAll('"', '')
        if (known.get(`${bucket}/${key}`) === etag) continue
        known.set(`${bucket}/${key}`, etag)
        onObjectCreated({ bucket, key, size, etag })
      }
    }
  }
}

function reportFailure(error: unknown): void {
  console.error('Listing the uploads of the external S3 failed; it is tried again in a second:', error)
}
