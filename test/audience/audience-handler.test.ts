import { beforeEach, expect, it } from 'vitest'
import { createAudienceHandler } from '../../functions/audience/audience-handler.ts'
import { UPLOAD_BYTES_MAX } from '../../functions/audience/file-problem.ts'
import { audienceKeys, audienceSchema } from '../../functions/recipient/audience.ts'
import type { Log } from '../../functions/runtime/log.ts'
import { systemRandom } from '../../functions/runtime/random.ts'
import { memoryAudienceFiles } from '../memory/memory-audience-files.ts'
import { memoryNoticeStore } from '../memory/memory-notice-store.ts'
import { draftNotice } from '../memory/sample-notice.ts'
import { virtualClock } from '../memory/virtual-clock.ts'

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
  const ports = { notices, files, clock: virtualClock(), random: systemRandom, log, lanes: {} }
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

it('a call that failed halfway is repeated to the same bytes, with the secret it had', async () => {
  world.upload('a-1', 'email\nada@example.com\n')
  const notices = { ...world.notices, recordAudience: failingAtEnd(world.notices.recordAudience) }
  await expect(world.call(undefined, { notices })).rejects.toThrow('throttled')
  expect(await world.audience()).toMatchObject({ state: 'indexing' })
  const objects = new Map(world.objects)
  await world.call()
  expect(world.objects).toEqual(objects)
  expect(await world.audience()).toMatchObject({ state: 'ready' })
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
    await world.notices.expectAudience(noticeId, 'a-2')
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
  const ports = { notices, files, clock: virtualClock(), random: systemRandom, log: console, lanes: {} }
  const handle = createAudienceHandler(ports)
  await expect(handle({ source: 'aws.ec2' })).rejects.toMatchObject({ code: 'upload-event' })
})

function failingAtEnd<Arguments extends unknown[], Result>(call: (...given: Arguments) => Promise<Result>) {
  let calls = 0
  return async (...given: Arguments) => {
    calls++
    if (calls === 2) throw new Error('throttled')
    return call(...given)
  }
}
