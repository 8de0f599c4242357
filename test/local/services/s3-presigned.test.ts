import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localCredentials } from '../../../local/network-guard.ts'
import { BUCKET, s3ForTest } from './s3-harness.ts'

let s3: Awaited<ReturnType<typeof s3ForTest>>
let presigner: S3Client
beforeAll(async () => {
  s3 = await s3ForTest()
  presigner = new S3Client({
    endpoint: s3.service.endpoint,
    region: 'eu-west-1',
    credentials: localCredentials,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
})
afterAll(async () => {
  presigner.destroy()
  await s3.close()
})

const putUrl = (Key: string, more = {}) =>
  getSignedUrl(presigner, new PutObjectCommand({ Bucket: BUCKET, Key, ...more }), { expiresIn: 60 })

test('a presigned URL uploads, and another downloads', async () => {
  const key = "uploads/a b'(!)*ü.csv"
  const put = await fetch(await putUrl(key, { Metadata: { notice: 'n1' } }), { method: 'PUT', body: 'email\n' })
  expect(put.status).toBe(200)
  expect(s3.created).toContainEqual(expect.objectContaining({ key, size: 6 }))
  const command = new GetObjectCommand({ Bucket: BUCKET, Key: key, ResponseContentType: 'text/plain' })
  const got = await fetch(await getSignedUrl(presigner, command))
  expect([await got.text(), got.headers.get('content-type'), got.headers.get('x-amz-meta-notice')]).toEqual([
    'email\n',
    'text/plain',
    'n1',
  ])
})

test('a presigned URL ends when its time is over', async () => {
  const url = await putUrl('late')
  s3.clock.nowMs = Date.now() + 61_000
  const response = await fetch(url, { method: 'PUT', body: 'x' })
  s3.clock.nowMs = Date.now()
  expect(response.status).toBe(403)
  expect(await response.text()).toContain('Request has expired')
})

test('a presigned URL is for its own key, method, headers and life only', async () => {
  const url = await putUrl('mine', { IfNoneMatch: '*' })
  const changed = [
    fetch(url.replace('/mine?', '/yours?'), { method: 'PUT', body: 'x', headers: { 'if-none-match': '*' } }),
    fetch(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000'), {
      method: 'PUT',
      body: 'x',
      headers: { 'if-none-match': '*' },
    }),
    fetch(url, { headers: { 'if-none-match': '*' } }),
    fetch(url, { method: 'PUT', body: 'x' }),
  ]
  for (const response of await Promise.all(changed)) {
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('SignatureDoesNotMatch')
  }
  const once = { method: 'PUT', body: 'x', headers: { 'if-none-match': '*' } }
  expect((await fetch(url, once)).status).toBe(200)
  expect((await fetch(url, once)).status).toBe(412)
})

test('a request without any signature is refused', async () => {
  expect((await fetch(s3.url('k'))).status).toBe(403)
})

test('a URL presigned with the checksum of an empty body is refused with the remedy', async () => {
  const url = await getSignedUrl(s3.client, new PutObjectCommand({ Bucket: BUCKET, Key: 'trap' }))
  const response = await fetch(url, { method: 'PUT', body: 'not empty' })
  expect(response.status).toBe(400)
  expect(await response.text()).toMatch(/BadDigest.*WHEN_REQUIRED/s)
})
