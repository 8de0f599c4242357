import { createHash, createHmac } from 'node:crypto'
import { beforeEach, expect, it } from 'vitest'
import { createAudienceHandler } from '../../functions/audience/audience-handler.ts'
import { UPLOAD_BYTES_MAX } from '../../functions/audience/file-problem.ts'
import { audienceKeys, audienceSchema } from '../../functions/recipient/audience.ts'
import type { AudienceKeys } from '../../functions/recipient/audience-keys.ts'
import { encodeRecipientKey, openAudienceSecret } from '../../functions/recipient/audience-secret.ts'
import { sha256Hex } from '../../functions/recipient/batch-index.ts'
import type { Log } from '../../functions/runtime/log.ts'
import { memoryAudienceFiles } from '../memory/memory-audience-files.ts'
import {
  audienceSecretInMemory,
  memoryAudienceKeys,
  secretInMemory,
  TEST_KEY_ID,
} from '../memory/memory-audience-keys.ts'
import { memoryNoticeStore } from '../memory/memory-notice-store.ts'
import { draftNotice } from '../memory/sample-notice.ts'
import { virtualClock } from '../memory/virtual-clock.ts'
import { recipientsIn } from './index-file.ts'

const { noticeId } = draftNotice()
const created = (key: string) => ({
  version: '0',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  detail: { bucket: { name: 'audience' }, object: { key, size: 10, etag: 'e' } },
})

let world: ReturnType<typeof newWorld>

function newWorld() {
  const objects = new Map<string, Buffer>()
  const notices = memoryNoticeStore()
  const said: string[] = []
  const say = (message: string, fields?: object) => void said.push(`${message} ${JSON.stringify(fields)}`)
  const log: Log = { info: say, warn: say, error: say }
  const files = memoryAudienceFiles(objects)
  const ports = { notices, files, keys: memoryAudienceKeys(), keyId: 'key-1', clock: virtualClock(), log, lanes: {} }
  const upload = (audienceId: string, text: string) =>
    objects.set(audienceKeys.upload(noticeId, audienceId), Buffer.from(text))
  const call = (key = audienceKeys.upload(noticeId, 'a-1'), changes: Partial<typeof ports> = {}) =>
    createAudienceHandler({ ...ports, ...changes })(created(key))
  const audience = async () => audienceSchema.parse((await notices.read(noticeId))?.audience)
  return { objects, notices, files: ports.files, said, upload, call, audience }
}

beforeEach(async () => {
  world = newWorld()
  await world.notices.create(draftNotice({ audience: { state: 'awaiting-upload', audienceId: 'a-1' } }))
})

it('an upload becomes a ready audience, and no address of it reaches the log', async () => {
  world.upload('a-1', 'email,name\nada@example.com,Ada\nbad,Bob\n')
  await world.call()
  expect(await world.audience()).toMatchObject({ state: 'ready', rows: 2, recipients: 1, refusedRows: 1 })
  expect(world.said.join()).toContain('Indexed an audience')
  expect(world.said.join()).not.toMatch(/example\.com|Ada/)
})

it('an event for an audience that is ready changes nothing', async () => {
  world.upload('a-1', 'email\nada@example.com\n')
  await world.call()
  const [audience, objects] = [await world.audience(), new Map(world.objects)]
  world.upload('a-1', 'email\nmallory@example.com\n')
  await world.call()
  expect(await world.audience()).toEqual(audience)
  expect(world.objects.get(audienceKeys.recipients('a-1'))).toEqual(objects.get(audienceKeys.recipients('a-1')))
})

it('a call that failed halfway is repeated to the same bytes, with the key it had', async () => {
  world.upload('a-1', 'email\nada@example.com\n')
  const notices = { ...world.notices, recordAudience: failingAtEnd(world.notices.recordAudience) }
  await expect(world.call(undefined, { notices })).rejects.toThrow('throttled')
  expect(await world.audience()).toMatchObject({ state: 'indexing' })
  const objects = new Map(world.objects)
  await world.call(undefined, { keyId: 'key-2' })
  expect(world.objects).toEqual(objects)
  expect(await world.audience()).toMatchObject({ state: 'ready', keyId: 'key-1' })
})

it('a file that cannot be used is recorded with its problem', async () => {
  world.upload('a-1', 'name\nAda\n')
  await world.call()
  expect(await world.audience()).toMatchObject({
    state: 'refused',
    problem: { code: 'missing-email-column', line: 1, message: expect.stringContaining('names no column "email"') },
  })
})

it('a file that is too large is refused without being read', async () => {
  const bytes = { [Symbol.asyncIterator]: () => expect.fail('read') }
  const files = { ...world.files, openUpload: async () => ({ sizeBytes: UPLOAD_BYTES_MAX + 1, bytes }) }
  await world.call(undefined, { files })
  expect(await world.audience()).toMatchObject({ state: 'refused', problem: { code: 'file-too-large' } })
})

it('an upload that a newer one has replaced, before or meanwhile, publishes nothing', async () => {
  world.upload('a-0', 'email\nada@example.com\n')
  await world.call(audienceKeys.upload(noticeId, 'a-0'))
  world.upload('a-1', 'email\nada@example.com\n')
  const openUpload: typeof world.files.openUpload = async (...ids) => {
    await world.notices.expectAudience(noticeId, 'a-2', 'ada', 2)
    return world.files.openUpload(...ids)
  }
  await world.call(undefined, { files: { ...world.files, openUpload } })
  expect(await world.audience()).toEqual({ state: 'awaiting-upload', audienceId: 'a-2' })
  expect(world.said).toHaveLength(2)
})

it('an upload that has disappeared is an error, so that the call is repeated', async () => {
  await expect(world.call()).rejects.toThrow('NoSuchKey')
})

it('objects of the indexer itself, and uploads of no notice, are left alone', async () => {
  await world.call(audienceKeys.recipients('a-1'))
  await world.call(audienceKeys.upload('n-unknown', 'a-1'))
  expect(await world.audience()).toMatchObject({ state: 'awaiting-upload' })
})

it('an event that is none of S3 is a defect', async () => {
  const { notices, files } = world
  const ports = {
    notices,
    files,
    keys: memoryAudienceKeys(),
    keyId: 'key-1',
    clock: virtualClock(),
    log: console,
    lanes: {},
  }
  const handle = createAudienceHandler(ports)
  await expect(handle({ source: 'aws.ec2' })).rejects.toMatchObject({ code: 'upload-event' })
})

it('two calls between which the key was rotated write the same bytes, whichever is first', async () => {
  world.upload('a-1', 'email\nada@example.com\n')
  const calls = ['key-1', 'key-2'].map(keyId => world.call(undefined, { keyId }))
  await Promise.all(calls)
  const audience = await world.audience()
  if (audience.state !== 'ready') throw new Error(`The audience is ${audience.state}`)
  expect(sha256Hex(world.objects.get(audienceKeys.batches('a-1')) ?? '')).toBe(audience.digest)
  const [{ seal: found, ...row } = raise()] = recipientsIn(world.objects.get(audienceKeys.recipients('a-1')) ?? raise())
  expect(found).toBe(audienceSecretInMemory('a-1', audience.keyId).seal(row))
})

it('a new upload of a notice gets the new key', async () => {
  world.upload('a-1', 'email\nada@example.com\n')
  await world.call()
  await world.notices.expectAudience(noticeId, 'a-2', 'ada', 1)
  world.upload('a-2', 'email\nada@example.com\n')
  await world.call(audienceKeys.upload(noticeId, 'a-2'), { keyId: 'key-2' })
  expect(await world.audience()).toMatchObject({ state: 'ready', keyId: 'key-2' })
})

it('without a key nothing is written, and the call is repeated', async () => {
  world.upload('a-1', 'email\nada@example.com\n')
  const objects = new Map(world.objects)
  const keys: AudienceKeys = { secretOf: () => Promise.reject(new Error('KMS is out of reach')) }
  await expect(world.call(undefined, { keys })).rejects.toThrow('KMS is out of reach')
  expect(world.objects).toEqual(objects)
  await world.call()
  expect(await world.audience()).toMatchObject({ state: 'ready' })
})

it('nothing that is stored tells the key of an address to whoever knows the address', async () => {
  const addresses = Array.from({ length: 20 }, (_, n) => `c${n}@example.com`)
  world.upload('a-1', `email\n${addresses.join('\n')}\n`)
  await world.call()
  const keys = recipientsIn(world.objects.get(audienceKeys.recipients('a-1')) ?? raise()).map(({ key }) => key)
  const notice = await world.notices.read(noticeId)
  const stored = [...world.objects].flatMap(([name, bytes]) => [name, bytes, ...name.split('/')])
  const candidates = [...stored, ...textsIn(notice), ''].flatMap(secret => [
    Buffer.from(secret),
    createHash('sha256').update(secret).digest(),
  ])
  for (const secret of candidates) {
    const guesses = [
      ...addresses.map(address => createHmac('sha256', secret).update(address).digest()),
      ...(secret.length === 32 ? addresses.map(address => openAudienceSecret(secret).hashKey(address)) : []),
    ].map(hash => encodeRecipientKey(hash.subarray(0, 16)))
    expect(guesses.filter(guess => keys.includes(guess))).toEqual([])
  }
  // With the key it can be told, so the guesses are made the right way.
  const { hashKey } = openAudienceSecret(secretInMemory(TEST_KEY_ID, 'a-1'))
  expect(addresses.map(address => encodeRecipientKey(hashKey(address)))).toEqual(keys)
})

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

function raise(): never {
  throw new Error('It is not there')
}

function failingAtEnd<Arguments extends unknown[], Result>(call: (...given: Arguments) => Promise<Result>) {
  let calls = 0
  return async (...given: Arguments) => {
    calls++
    if (calls === 2) throw new Error('throttled')
    return call(...given)
  }
}
