import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { Defect } from '../runtime/defect.ts'
import { decodeContent, digestContent, encodeContent } from './content.ts'
import type { ContentStore } from './content-store.ts'

const objectKey = (digest: string) => `content/${digest}.json`

/** Content in the audience bucket, named by its own digest: writing it again changes nothing. */
export function s3ContentStore(client: S3Client, bucket: string): ContentStore {
  return {
    put: async content => {
      const encoded = encodeContent(content)
      const digest = digestContent(encoded)
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: objectKey(digest),
          Body: encoded,
          ContentType: 'application/json',
        }),
      )
      return digest
    },
    get: async digest => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: objectKey(digest) }))
      const encoded = (await Body?.transformToString()) ?? ''
      if (digestContent(encoded) !== digest) {
        throw new Defect('content-digest', `The stored content ${digest} is not what was approved under that digest`)
      }
      return decodeContent(encoded)
    },
  }
}
