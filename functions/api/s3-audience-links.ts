import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { audienceKeys } from '../recipient/audience.ts'
import type { Clock } from '../runtime/clock.ts'
import type { AudienceLinks } from './ports.ts'

const UPLOAD_SECONDS = 3600
const DOWNLOAD_SECONDS = 300
const RECIPIENTS_SECONDS = 900

/**
 * Presigned links to the audience bucket. An upload link takes one object, once: what was indexed, and perhaps approved, is
 * not replaced through an old link. The client must leave checksums out unless required, or it would sign one of no bytes.
 */
export function s3AudienceLinks(client: S3Client, bucket: string, clock: Clock): AudienceLinks {
  return {
    upload: async (noticeId, audienceId) => {
      const Key = audienceKeys.upload(noticeId, audienceId)
      const nowMs = clock.now()
      const command = new PutObjectCommand({ Bucket: bucket, Key, IfNoneMatch: '*' })
      const url = await getSignedUrl(client, command, {
        expiresIn: UPLOAD_SECONDS,
        signingDate: new Date(nowMs),
        signableHeaders: new Set(['host', 'if-none-match']),
      })
      return { method: 'PUT', url, headers: { 'if-none-match': '*' }, expiresAtMs: nowMs + UPLOAD_SECONDS * 1000 }
    },
    recipients: async audienceId => {
      const nowMs = clock.now()
      const link = (Key: string) =>
        getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key }), {
          expiresIn: RECIPIENTS_SECONDS,
          signingDate: new Date(nowMs),
        })
      const [recipientsUrl, batchesUrl] = await Promise.all([
        link(audienceKeys.recipients(audienceId)),
        link(audienceKeys.batches(audienceId)),
      ])
      return { recipientsUrl, batchesUrl, expiresAtMs: nowMs + RECIPIENTS_SECONDS * 1000 }
    },
    refusedRows: audienceId => {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: audienceKeys.refusedRows(audienceId),
        ResponseContentDisposition: 'attachment; filename="refused-rows.csv"',
      })
      return getSignedUrl(client, command, { expiresIn: DOWNLOAD_SECONDS, signingDate: new Date(clock.now()) })
    },
  }
}
