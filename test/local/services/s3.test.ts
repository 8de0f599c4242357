import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byteRange } from '../../../local/services/s3-range.ts'
import { BUCKET, SIGNED, s3ForTest } from './s3-harness.ts'

let s3: Awaited<ReturnType<typeof s3ForTest>>
beforeAll(async () => {
  s3 = await s3ForTest()
})
afterAll(() => s3.close())

const put = (Key: string, Body: string | Uint8Array, more = {}) =>
  s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }))
const read = async (Key: string, more = {}) => {
  const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key, ...more }))
  return Body?.transformToString()
}

test('an object comes back as it was put, under any key, with its type and metadata', async () => {
  for (const key of ['plain', 'a/b/c.csv', 'a/../b', '//x', 'ü é/名 +&=?#%', 'x'.repeat(1024)]) {
    await put(key, `body of ${key}`, { ContentType: 'text/csv', Metadata: { notice: 'n1' } })
    expect(await read(key)).toBe(`body of ${key}`)
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: key }))
    expect(head).toMatchObject({
      ContentLength: Buffer.byteLength(`body of ${key}`),
      ContentType: 'text/csv',
      Metadata: { notice: 'n1' },
    })
  }
})

test('an empty object is an object', async () => {
  await put('empty', new Uint8Array(0))
  expect(await read('empty')).toBe('')
})

test('each completed put raises one event, with size and entity tag', async () => {
  s3.created.length = 0
  const { ETag } = await put('uploads/customers.csv', 'email\n')
  expect(s3.created).toEqual([
    { bucket: BUCKET, key: 'uploads/customers.csv', size: 6, etag: ETag?.replaceAll('"', '') },
  ])
})

test('a range is answered with 206 and just those bytes', async () => {
  await put('range', '0123456789')
  const answer = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'range', Range: 'bytes=2-4' }))
  expect(answer).toMatchObject({ $metadata: { httpStatusCode: 206 }, ContentRange: 'bytes 2-4/10', ContentLength: 3 })
  expect(await answer.Body?.transformToString()).toBe('234')
  expect(await read('range', { Range: 'bytes=-3' })).toBe('789')
  expect(await read('range', { Range: 'bytes=8-' })).toBe('89')
  await expect(read('range', { Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' })
})

test('every range lies within the object and is what slice() takes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(60), fc.nat(60), (size, one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)]
      const text = Array.from({ length: size }, (_, index) => index)
      if (from >= size) {
        expect(() => byteRange(`bytes=${from}-${to}`, size)).toThrow('outside')
        return
      }
      const { first, last } = byteRange(`bytes=${from}-${to}`, size)
      expect(text.slice(first, last + 1)).toEqual(text.slice(from, to + 1))
    }),
  )
})

test('a missing key, a deleted key and an unknown bucket are not found', async () => {
  await expect(read('never')).rejects.toBeInstanceOf(NoSuchKey)
  await put('gone', 'x')
  await s3.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'gone' }))
  await expect(read('gone')).rejects.toBeInstanceOf(NoSuchKey)
  await expect(s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'gone' }))).rejects.toBeInstanceOf(NotFound)
  const elsewhere = new PutObjectCommand({ Bucket: 'elsewhere', Key: 'k', Body: 'x' })
  await expect(s3.client.send(elsewhere)).rejects.toMatchObject({ name: 'NoSuchBucket' })
  await expect(s3.client.send(new HeadBucketCommand({ Bucket: 'elsewhere' }))).rejects.toBeInstanceOf(NotFound)
})

test('a write-once put is refused when the key exists, and of many at once exactly one wins', async () => {
  const writes = Array.from({ length: 8 }, (_, index) => put('once', `writer ${index}`, { IfNoneMatch: '*' }))
  const outcomes = await Promise.allSettled(writes)
  const lost = outcomes.filter(outcome => outcome.status === 'rejected')
  expect(lost).toHaveLength(7)
  for (const { reason } of lost)
    expect(reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } })
  expect(await read('once')).toBe(`writer ${outcomes.findIndex(outcome => outcome.status === 'fulfilled')}`)
})

test('a list has the keys of its prefix, in order, page by page', async () => {
  const keys = Array.from({ length: 25 }, (_, index) => `list/${String(index).padStart(2, '0')}&`)
  await Promise.all([...keys].reverse().map(key => put(key, 'x')))
  const pages = paginateListObjectsV2({ client: s3.client, pageSize: 10 }, { Bucket: BUCKET, Prefix: 'list/' })
  const found = []
  for await (const page of pages) found.push(page.Contents?.map(entry => entry.Key))
  expect(found.map(page => page?.length)).toEqual([10, 10, 5])
  expect(found.flat()).toEqual(keys)
  const none = await s3.client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'nothing/' }))
  expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false })
})

test('what it does not know it refuses, and never takes for a put', async () => {
  for (const [method, path] of [
    ['GET', 'k?acl'],
    ['PUT', 'k?tagging'],
    ['POST', '?delete'],
    ['PUT', ''],
  ] as const) {
    const response = await fetch(s3.url(path), { method, headers: SIGNED })
    expect([path, response.status]).toEqual([path, 501])
    expect(await response.text()).toContain('<Code>NotImplemented</Code>')
  }
  const copy = await fetch(s3.url('k'), { method: 'PUT', headers: { ...SIGNED, 'x-amz-copy-source': '/audience/x' } })
  expect(copy.status).toBe(501)
})

test('a page from this computer may upload, one from elsewhere may not', async () => {
  const preflight = (origin: string) =>
    fetch(s3.url('k'), { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } })
  const local = await preflight('http://127.0.0.1:4680')
  expect([local.status, local.headers.get('access-control-allow-origin')]).toEqual([200, 'http://127.0.0.1:4680'])
  const foreign = await preflight('https://shop.example')
  expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([403, null])
})
