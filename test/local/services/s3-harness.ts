import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { localCredentials } from '../../../local/network-guard.ts'
import { type ObjectCreated, startS3 } from '../../../local/services/s3.ts'

export const BUCKET = 'audience'

/** An S3 on port 0 with a client of the real SDK in its default configuration. */
export async function s3ForTest() {
  const root = await mkdtemp(join(tmpdir(), 'onlyto-s3-'))
  const directory = join(root, 's3')
  const created: ObjectCreated[] = []
  const clock = { nowMs: Date.now() }
  const service = await startS3({
    directory,
    buckets: [BUCKET],
    onObjectCreated: event => created.push(event),
    clock: { now: () => clock.nowMs },
  })
  const client = new S3Client({ endpoint: service.endpoint, region: 'eu-west-1', credentials: localCredentials })
  return {
    service,
    client,
    created,
    clock,
    url: (key: string) => `${service.endpoint}/${BUCKET}/${key}`,
    files: () => readdir(directory),
    close: async () => {
      client.destroy()
      await service.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

export const SIGNED = { authorization: 'AWS4-HMAC-SHA256 Credential=local' }
