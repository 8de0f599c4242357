import { createHash, randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeAwsChunked } from '../../../local/services/aws-chunked.ts'
import { BUCKET, SIGNED, s3ForTest } from './s3-harness.ts'

const MIB = 1024 * 1024

let s3: Awaited<ReturnType<typeof s3ForTest>>
beforeEach(async () => {
  s3 = await s3ForTest()
})
afterEach(() => s3.close())

const sha256 = async (pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => {
  const hash = createHash('sha256')
  for await (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

const stored = async (Key: string) => {
  const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
  if (!(Body instanceof Readable)) throw new TypeError('no body')
  return sha256(Body)
}

test('a streamed upload (aws-chunked with a trailing checksum) is stored as it was sent', async () => {
  const pieces = Array.from({ length: 40 }, () => randomBytes(256 * 1024))
  const Body = Readable.from(pieces)
  await s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'stream', Body, ContentLength: 10 * MIB }))
  expect(await stored('stream')).toBe(await sha256(pieces))
  expect(s3.created).toHaveLength(1)
})

test('a multipart upload by lib-storage is one object and one event', async () => {
  const body = randomBytes(12 * MIB)
  const upload = new Upload({
    client: s3.client,
    params: { Bucket: BUCKET, Key: 'multi', Body: Readable.from([body]) },
  })
  await upload.done()
  expect(await stored('multi')).toBe(await sha256([body]))
  expect(s3.created).toEqual([{ bucket: BUCKET, key: 'multi', size: 12 * MIB, etag: expect.stringMatching(/-3$/) }])
  const Range = `bytes=${5 * MIB - 2}-${5 * MIB + 1}`
  const across = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'multi', Range }))
  expect(Buffer.from((await across.Body?.transformToByteArray()) ?? [])).toEqual(
    body.subarray(5 * MIB - 2, 5 * MIB + 2),
  )
})

test('a reader that has begun keeps its version while the object is replaced, and then its files go', async () => {
  const body = randomBytes(40 * MIB)
  await new Upload({ client: s3.client, params: { Bucket: BUCKET, Key: 'replaced', Body: body } }).done()
  const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'replaced' }))
  await s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'replaced', Body: 'new' }))
  if (!(Body instanceof Readable)) throw new TypeError('no body')
  expect(await sha256(Body)).toBe(await sha256([body]))
  expect(await stored('replaced')).toBe(await sha256([Buffer.from('new')]))
  await expect.poll(async () => (await s3.files()).length).toBe(1)
})

test('an aborted multipart upload leaves no file and no event', async () => {
  const key = { Bucket: BUCKET, Key: 'aborted' }
  const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand(key))
  await s3.client.send(new UploadPartCommand({ ...key, UploadId, PartNumber: 1, Body: 'part' }))
  await s3.client.send(new AbortMultipartUploadCommand({ ...key, UploadId }))
  expect(await s3.files()).toEqual([])
  const late = new UploadPartCommand({ ...key, UploadId, PartNumber: 2, Body: 'late' })
  await expect(s3.client.send(late)).rejects.toMatchObject({ name: 'NoSuchUpload' })
  expect(s3.created).toEqual([])
})

test('a multipart upload is completed only with the parts that were uploaded, in order', async () => {
  const key = { Bucket: BUCKET, Key: 'parts' }
  const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand(key))
  const { ETag } = await s3.client.send(new UploadPartCommand({ ...key, UploadId, PartNumber: 1, Body: 'small' }))
  const last = await s3.client.send(new UploadPartCommand({ ...key, UploadId, PartNumber: 2, Body: 'last' }))
  const complete = (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
    s3.client.send(new CompleteMultipartUploadCommand({ ...key, UploadId, MultipartUpload: { Parts } }))
  const first = { PartNumber: 1, ETag }
  const second = { PartNumber: 2, ETag: last.ETag }
  await expect(complete([{ PartNumber: 1, ETag: '"other"' }])).rejects.toMatchObject({ name: 'InvalidPart' })
  await expect(complete([{ PartNumber: 3, ETag }])).rejects.toMatchObject({ name: 'InvalidPart' })
  await expect(complete([second, first])).rejects.toMatchObject({ name: 'InvalidPartOrder' })
  await expect(complete([first, second])).rejects.toMatchObject({ name: 'EntityTooSmall' })
  await complete([second])
  expect(await stored('parts')).toBe(await sha256([Buffer.from('last')]))
  expect(await s3.files()).toHaveLength(1)
})

test('a body that does not match its checksum, digest or length leaves nothing', async () => {
  const wrong = 'AAAAAA=='
  const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'bad', Body: 'body', ChecksumCRC32: wrong })
  await expect(s3.client.send(put)).rejects.toMatchObject({ name: 'BadDigest' })
  const claims: Record<string, string>[] = [
    { 'content-md5': createHash('md5').update('other').digest('base64') },
    { 'x-amz-checksum-sha256': createHash('sha256').update('other').digest('base64') },
    { 'x-amz-content-sha256': createHash('sha256').update('other').digest('hex') },
    { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '4' },
    { 'x-amz-checksum-crc64nvme': wrong },
  ]
  for (const claim of claims) {
    const response = await fetch(s3.url('bad'), { method: 'PUT', body: 'body', headers: { ...SIGNED, ...claim } })
    expect(response.ok).toBe(false)
  }
  const trailing = '4\r\nbody\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n'
  const headers = { ...SIGNED, 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '4' }
  const response = await fetch(s3.url('bad'), { method: 'PUT', body: trailing, headers })
  expect(await response.text()).toContain('BadDigest')
  expect([await s3.files(), s3.created]).toEqual([[], []])
})

test('an upload that breaks off leaves nothing and the next one works', async () => {
  await s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'before' }))
  const broken = request(s3.url('k'), { method: 'PUT', headers: { ...SIGNED, 'content-length': 10 * MIB } })
  broken.on('error', () => {})
  const closed = new Promise(resolve => broken.on('close', resolve))
  broken.write(randomBytes(MIB))
  await expect.poll(async () => (await s3.files()).length).toBe(2)
  broken.destroy()
  await closed
  await expect.poll(async () => (await s3.files()).length).toBe(1)
  expect(await stored('k')).toBe(await sha256([Buffer.from('before')]))
  await s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'after' }))
  expect(await stored('k')).toBe(await sha256([Buffer.from('after')]))
  expect(s3.created).toHaveLength(2)
})

test('160 MB go through in memory that does not grow with them', async () => {
  const piece = randomBytes(256 * 1024)
  const body = (count: number) => Readable.from(Array.from({ length: count }, () => piece))
  const before = process.memoryUsage.rss()
  const headers = { ...SIGNED, 'content-length': String(640 * piece.length) }
  const upload = { method: 'PUT', body: Readable.toWeb(body(640)), duplex: 'half', headers } as const
  expect((await fetch(s3.url('large'), upload)).status).toBe(200)
  expect(await stored('large')).toBe(await sha256(body(640)))
  expect(process.memoryUsage.rss() - before).toBeLessThan(90 * MIB)
})

test('aws-chunked decodes the same however the network cuts it', async () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(bytes, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 30 })),
      async (chunks, cuts) => {
        const framed = chunks.flatMap(chunk => [
          Buffer.from(`${chunk.length.toString(16)};chunk-signature=0\r\n`),
          chunk,
          Buffer.from('\r\n'),
        ])
        const encoded = Buffer.concat([...framed, Buffer.from('0\r\nX-Amz-Checksum-Crc32: abc=\r\n\r\n')])
        const trailers = new Map<string, string>()
        const decoded = await Readable.from(decodeAwsChunked(Readable.from(cut(encoded, cuts)), trailers)).toArray()
        expect(Buffer.concat(decoded)).toEqual(Buffer.concat(chunks))
        expect(trailers.get('x-amz-checksum-crc32')).toBe('abc=')
        const short = Readable.from(cut(encoded.subarray(0, -2), cuts))
        await expect(Readable.from(decodeAwsChunked(short, new Map())).toArray()).rejects.toThrow('ended before')
      },
    ),
    { numRuns: 50 },
  )
})

function* cut(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  let offset = 0
  for (const length of [...lengths, bytes.length]) {
    if (offset < bytes.length) yield bytes.subarray(offset, offset + length)
    offset += length
  }
}
