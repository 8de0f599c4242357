import { createServer } from 'node:http'
import { S3Client } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { s3AudienceObjects } from '../../functions/api/s3-audience-objects.ts'

/** A bucket that answers every request with one status. */
async function isKeptWith(status: number): Promise<boolean> {
  const server = createServer((_, response) => response.writeHead(status).end())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const endpoint = `http://127.0.0.1:${port}`
  const client = new S3Client({ endpoint, region: 'eu-west-1', credentials, forcePathStyle: true, maxAttempts: 1 })
  try {
    return await s3AudienceObjects(client, 'audiences').isKept('a-1')
  } finally {
    client.destroy()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}

test('an audience is kept while the bucket has it, and gone when it is missing or, as S3 says then, forbidden', async () => {
  expect(await isKeptWith(200)).toBe(true)
  expect(await isKeptWith(404)).toBe(false)
  expect(await isKeptWith(403)).toBe(false)
})

test('a bucket that fails says nothing of the audience', async () => {
  await expect(isKeptWith(500)).rejects.toThrow()
})
