import { Readable } from 'node:stream'
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { audienceKeys } from '../recipient/audience.ts'
import { Defect } from '../runtime/defect.ts'
import type { AudienceFiles } from './audience-files.ts'
import { s3ByteSink } from './s3-byte-sink.ts'

/** Uploads and indexed audiences in the audience bucket. */
export function s3AudienceFiles(client: S3Client, bucket: string): AudienceFiles {
  /** Throws when the object is replaced, or the connection ends, before all of it has come. */
  async function* stream(key: string, etag: string | undefined, sizeBytes: number): AsyncGenerator<Uint8Array> {
    const whole = { Bucket: bucket, Key: key, ...(etag !== undefined && { IfMatch: etag }) }
    const { Body } = await client.send(new GetObjectCommand(whole))
    if (!(Body instanceof Readable)) throw new Defect('upload-body', 'S3 gave no body to stream')
    let received = 0
    for await (const chunk of Body) {
      const bytes: Uint8Array = chunk
      received += bytes.length
      yield bytes
    }
    if (received !== sizeBytes) {
      throw new Defect('upload-cut-short', `Of ${sizeBytes} bytes of the upload ${received} were received`)
    }
  }

  return {
    openUpload: async (noticeId, audienceId) => {
      const Key = audienceKeys.upload(noticeId, audienceId)
      const { ContentLength = 0, ETag } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }))
      return { sizeBytes: ContentLength, bytes: stream(Key, ETag, ContentLength) }
    },
    createSinks: audienceId => ({
      recipients: s3ByteSink(client, bucket, audienceKeys.recipients(audienceId), 'application/x-ndjson'),
      batches: s3ByteSink(client, bucket, audienceKeys.batches(audienceId), 'text/plain'),
      refusedRows: s3ByteSink(client, bucket, audienceKeys.refusedRows(audienceId), 'text/csv; charset=utf-8'),
    }),
  }
}
