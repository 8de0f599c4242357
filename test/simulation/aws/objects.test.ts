import { GetObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { lambdaDispatcherWaker } from '../../../functions/api/lambda-dispatcher-waker.ts'
import { s3AudienceLinks } from '../../../functions/api/s3-audience-links.ts'
import { s3AudienceFiles } from '../../../functions/audience/s3-audience-files.ts'
import { s3ByteSink } from '../../../functions/audience/s3-byte-sink.ts'
import { parseUploadEvent } from '../../../functions/audience/upload-event.ts'
import { kmsAudienceKeys } from '../../../functions/recipient/kms-audience-keys.ts'
import { objectCreatedEvent } from './s3/simulated-s3.ts'
import { smallWorld } from './small-world.ts'

const MEGABYTE = 1024 ** 2

describe('The simulated bucket', () => {
  it.each([0, 10, 12 * MEGABYTE])('shows an object of %i bytes only when it is whole', async size => {
    const { clients, s3, created } = smallWorld()
    const bytes = Buffer.alloc(size, 'abcdefghijk')
    const sink = s3ByteSink(clients.s3, 'bucket', 'a/b c', 'text/plain')
    for (let start = 0; start < size; start += MEGABYTE) await sink.write(bytes.subarray(start, start + MEGABYTE))
    expect(s3.keys('bucket')).toEqual([])
    await sink.close()
    expect(created).toEqual(['a/b c'])
    expect(bytes.equals(s3.object('bucket', 'a/b c')?.bytes ?? Buffer.from('none'))).toBe(true)
  })

  it('keeps nothing of an upload that was given up', async () => {
    const { clients, s3 } = smallWorld()
    const sink = s3ByteSink(clients.s3, 'bucket', 'key', 'text/plain')
    await sink.write(Buffer.alloc(11 * MEGABYTE))
    await sink.abort()
    const part = { Bucket: 'bucket', Key: 'key', UploadId: 'upload-1', PartNumber: 2, Body: 'more' }
    await expect(clients.s3.send(new UploadPartCommand(part))).rejects.toMatchObject({ name: 'NoSuchUpload' })
    expect(s3.keys('bucket')).toEqual([])
  })

  it('streams an upload, and refuses one that was replaced meanwhile', async () => {
    const { clients, s3 } = smallWorld()
    s3.put('bucket', 'uploads/n/a', Buffer.from('address\na@example.net\n'))
    const files = s3AudienceFiles(clients.s3, 'bucket')
    const read = async (bytes: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(bytes)).toString()
    expect(await read((await files.openUpload('n', 'a')).bytes)).toBe('address\na@example.net\n')
    const { bytes } = await files.openUpload('n', 'a')
    s3.put('bucket', 'uploads/n/a', Buffer.from('another'))
    await expect(read(bytes)).rejects.toMatchObject({ name: 'PreconditionFailed' })
  })

  it('gives the part that is asked for, and says what does not exist', async () => {
    const { clients, s3 } = smallWorld()
    s3.put('bucket', 'key', Buffer.from('0123456789'))
    const get = (Key: string, Range: string) => clients.s3.send(new GetObjectCommand({ Bucket: 'bucket', Key, Range }))
    expect(await (await get('key', 'bytes=2-5')).Body?.transformToString()).toBe('2345')
    expect(await (await get('key', 'bytes=8-99')).Body?.transformToString()).toBe('89')
    await expect(get('key', 'bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' })
    await expect(get('other', 'bytes=0-1')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  it('takes an upload by a presigned link once, and tells of it as EventBridge does', async () => {
    const { clients, clock, created, serve } = smallWorld()
    const { url, method, headers } = await s3AudienceLinks(clients.s3, 'bucket', clock).upload('n', 'a')
    const { pathname, search } = new URL(url)
    const upload = () =>
      serve({ service: 's3', method, path: pathname + search, headers, body: Buffer.from('address') }).status
    expect([upload(), upload()]).toEqual([200, 412])
    expect(created).toEqual(['uploads/n/a'])
    const event = objectCreatedEvent({ bucket: 'bucket', key: 'uploads/n/a', size: 7 })
    expect(parseUploadEvent(event)).toEqual({ noticeId: 'n', audienceId: 'a' })
  })
})

describe('The simulated Lambda', () => {
  it('takes an event and does not wait', async () => {
    const { clients, invoked } = smallWorld()
    await lambdaDispatcherWaker(clients.lambda, 'dispatcher').wake('n1')
    expect(invoked).toEqual([{ functionName: 'dispatcher', event: { noticeId: 'n1' } }])
  })
})

describe('The simulated KMS', () => {
  it('gives an audience the same secret each time, another one under another key, and none under a key that is not there', async () => {
    const keys = kmsAudienceKeys(smallWorld().clients.kms)
    const secret = await keys.secretOf('key-1', 'a')
    expect(secret).toHaveLength(32)
    expect(await keys.secretOf('key-1', 'a')).toEqual(secret)
    expect(await keys.secretOf('key-1', 'b')).not.toEqual(secret)
    await expect(keys.secretOf('key-9', 'a')).rejects.toMatchObject({ name: 'NotFoundException' })
  })
})
