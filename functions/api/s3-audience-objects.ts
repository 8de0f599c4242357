import { GetObjectCommand, HeadObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { audienceKeys } from '../recipient/audience.ts'
import type { AudienceObjects } from './ports.ts'

/** Without the right to list the bucket, which the api has not, S3 calls a missing object forbidden. */
const MISSING: readonly (number | undefined)[] = [403, 404]

/** The indexed audiences in the audience bucket, as bytes. */
export function s3AudienceObjects(client: S3Client, bucket: string): AudienceObjects {
  return {
    isKept: async audienceId => {
      try {
        await client.send(new HeadObjectCommand({ Bucket: bucket, Key: audienceKeys.recipients(audienceId) }))
        return true
      } catch (error) {
        if (error instanceof S3ServiceException && MISSING.includes(error.$metadata.httpStatusCode)) return false
        throw error
      }
    },
    readRecipientBytes: async (audienceId, offset, length) => {
      const { Body } = await client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: audienceKeys.recipients(audienceId),
          Range: `bytes=${offset}-${offset + length - 1}`,
        }),
      )
      return (await Body?.transformToByteArray()) ?? new Uint8Array()
    },
  }
}
