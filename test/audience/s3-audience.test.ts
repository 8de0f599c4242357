import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { indexAudience } from '../../functions/audience/index-audience.ts'
import { s3AudienceFiles } from '../../functions/audience/s3-audience-files.ts'
import { s3ByteSink } from '../../functions/audience/s3-byte-sink.ts'
import { audienceKeys } from '../../functions/recipient/audience.ts'
import { s3AudienceStore } from '../../functions/recipient/s3-audience-store.ts'
import { BUCKET, s3ForTest } from '../local/services/s3-harness.ts'

let s3: Awaited<ReturnType<typeof s3ForTest>>
beforeAll(async () => {
  s3 = await s3ForTest()
})
afterAll(() => s3.close())

const put = (key: string, body: string) =>
  s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }))
const get = async (key: string) => {
  const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
  return Buffer.from((await Body?.transformToByteArray()) ?? [])
}

it('an upload in the bucket is indexed into the bucket and read back batch by batch', async () => {
  const rows = Array.from({ length: 250 }, (_, n) => `c${n}@example.com,名 ${n}\n`)
  await put(audienceKeys.upload('n', 'a'), `email,name\n${rows.join('')}bad,x\n`)
  const files = s3AudienceFiles(s3.client, BUCKET)
  const { bytes } = await files.openUpload('n', 'a')
  const result = await indexAudience(bytes, files.createSinks('a'), new Uint8Array(32).fill(1))
  if (result.kind === 'problem') throw new Error(result.message)
  const store = s3AudienceStore(s3.client, BUCKET)
  const slices = await store.readBatchSlices('a', result.audience.digest)
  expect(slices.map(({ size }) => size)).toEqual([100, 100, 50])
  const read = await Promise.all(slices.map(slice => store.readRecipients('a', slice)))
  expect(read.flat().map(({ variables }) => variables['name'])).toEqual(rows.map((_, n) => `名 ${n}`))
  expect((await get(audienceKeys.refusedRows('a'))).toString()).toContain('address-without-at')
})

it('an index or a batch that is not the one approved is a defect', async () => {
  const line = `0 5 1 ${'0'.repeat(64)}\n`
  await put(audienceKeys.batches('c'), line)
  await put(audienceKeys.recipients('c'), '{"a"}\n')
  const store = s3AudienceStore(s3.client, BUCKET)
  await expect(store.readBatchSlices('c', 'f'.repeat(64))).rejects.toMatchObject({ code: 'audience-digest' })
  const slice = { offset: 0, length: 5, size: 1, digest: '0'.repeat(64) }
  await expect(store.readRecipients('c', slice)).rejects.toMatchObject({ code: 'batch-digest' })
})

it('an object is written in parts and appears only when it is closed', async () => {
  const sink = s3ByteSink(s3.client, BUCKET, 'large', 'text/plain')
  const chunk = Buffer.alloc(1024 ** 2, 'x')
  for (let written = 0; written < 12; written++) await sink.write(chunk)
  await expect(get('large')).rejects.toThrow('does not exist')
  await sink.close()
  expect(await get('large')).toHaveLength(12 * 1024 ** 2)
})

it.each([0, 12])('an object aborted after %i MB never appears', async megabytes => {
  const sink = s3ByteSink(s3.client, BUCKET, `aborted-${megabytes}`, 'text/plain')
  for (let written = 0; written < megabytes; written++) await sink.write(Buffer.alloc(1024 ** 2))
  await sink.abort()
  await expect(get(`aborted-${megabytes}`)).rejects.toThrow('does not exist')
})

it('a bucket that is not there fails the write or the close', async () => {
  const sink = s3ByteSink(s3.client, 'no-such-bucket', 'key', 'text/plain')
  await sink.write(Buffer.from('x'))
  await expect(sink.close()).rejects.toThrow('bucket does not exist')
  await sink.abort()
})

it('an upload that is gone, or replaced before it is read, is an error', async () => {
  const files = s3AudienceFiles(s3.client, BUCKET)
  await expect(files.openUpload('n', 'nothing')).rejects.toThrow()
  await put(audienceKeys.upload('n', 'd'), 'email\nada@example.com\n')
  const { bytes } = await files.openUpload('n', 'd')
  await put(audienceKeys.upload('n', 'd'), 'email\nbob@example.com\n')
  await expect(Array.fromAsync(bytes)).rejects.toThrow('If-Match')
})
