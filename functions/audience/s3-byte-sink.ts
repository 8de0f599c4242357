import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { ByteSink } from './byte-sink.ts'

/** The least that S3 takes: 10,000 parts of it are 50 GB, and a few of them are all that is in memory. */
const PART_BYTES = 5 * 1024 ** 2
const PARTS_IN_FLIGHT = 2

/** One object, uploaded in parts while it is written. S3 shows it only when the upload is completed. */
export function s3ByteSink(client: S3Client, bucket: string, key: string, contentType: string): ByteSink {
  const body = new PassThrough({ highWaterMark: PART_BYTES })
  const upload = new Upload({
    client,
    params: { Bucket: bucket, Key: key, Body: body, ContentType: contentType },
    partSize: PART_BYTES,
    queueSize: PARTS_IN_FLIGHT,
  })
  const done = upload.done()
  // Heard by the next write or by close; an abort expects it.
  done.catch((error: unknown) => body.destroy(error instanceof Error ? error : new Error(String(error))))
  body.on('error', () => {})

  return {
    write: async bytes => {
      if (body.errored) throw body.errored
      if (!body.write(bytes)) await once(body, 'drain')
    },
    close: async () => {
      body.end()
      await done
    },
    abort: async () => {
      await upload.abort()
      body.destroy()
      await done.catch(() => {})
    },
  }
}
