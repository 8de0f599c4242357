import { expect, it } from 'vitest'
import { createAudienceHandler } from '../../functions/audience/audience-handler.ts'
import type { Content } from '../../functions/notice/content.ts'
import type { Notice } from '../../functions/notice/notice.ts'
import { audienceKeys } from '../../functions/recipient/audience.ts'
import type { AudienceKeys } from '../../functions/recipient/audience-keys.ts'
import { prepareMessage } from '../../functions/sender/prepare-message.ts'
import { type SendableNotice, sendableNotices } from '../../functions/sender/sendable-notice.ts'
import { recipientsIn } from '../audience/index-file.ts'
import { memoryAudienceFiles } from '../memory/memory-audience-files.ts'
import { memoryAudienceKeys } from '../memory/memory-audience-keys.ts'
import { memoryContentStore } from '../memory/memory-content-store.ts'
import { memoryNoticeStore } from '../memory/memory-notice-store.ts'
import { draftNotice } from '../memory/sample-notice.ts'
import { virtualClock } from '../memory/virtual-clock.ts'

const content: Content = {
  defaultLocale: 'en',
  variants: { en: { subject: 'Dear {{name}}', text: 'Dear {{name}}', html: '<p>{{name}}</p>' } },
}
const silent = { info: () => {}, warn: () => {}, error: () => {} }

/** Two notices to the same people in one bucket, and a key that the test rotates. */
async function twoNotices() {
  const objects = new Map<string, Buffer>()
  const notices = memoryNoticeStore()
  const contents = memoryContentStore()
  const contentDigest = await contents.put(content)
  const clock = virtualClock()
  for (const name of ['one', 'two']) {
    const audience = { state: 'awaiting-upload', audienceId: `a-${name}` } as const
    await notices.create(draftNotice({ noticeId: `n-${name}`, contentDigest, audience }))
    objects.set(audienceKeys.upload(`n-${name}`, `a-${name}`), Buffer.from('email,name\nada@example.com,Ada\n'))
  }
  const files = memoryAudienceFiles(objects)

  async function index(name: string, keyId: string): Promise<Notice> {
    const ports = { notices, files, keys: memoryAudienceKeys(), keyId, clock, log: silent, lanes: {} }
    const object = { key: audienceKeys.upload(`n-${name}`, `a-${name}`) }
    await createAudienceHandler(ports)({ source: 'aws.s3', 'detail-type': 'Object Created', detail: { object } })
    const notice = await notices.read(`n-${name}`)
    if (notice?.audience?.state !== 'ready') throw new Error('The audience is not ready')
    const { digest: audienceDigest } = notice.audience
    return { ...notice, approval: { by: 'bob', atMs: 1, contentDigest, audienceDigest } }
  }

  const rowsOf = (name: string) => recipientsIn(objects.get(audienceKeys.recipients(`a-${name}`)) ?? Buffer.alloc(0))
  return { contents, index, rowsOf }
}

/** What becomes of each row. */
function prepareAll(what: SendableNotice, rows: ReturnType<typeof recipientsIn>): string[] {
  return rows.map(recipient => {
    const prepared = prepareMessage(what, { batch: 0, attempt: 1 }, { recipient, position: 0 }, 'notices')
    return prepared.kind === 'refused' ? prepared.outcome.rule : prepared.kind
  })
}

it('after a rotation an older audience goes on under its key, a new one has the new key, and nothing is uploaded again', async () => {
  const { contents, index, rowsOf } = await twoNotices()
  const sendable = sendableNotices(contents, memoryAudienceKeys())
  const one = await index('one', 'key-1')
  expect(prepareAll(await sendable(one), rowsOf('one'))).toEqual(['ready'])
  const two = await index('two', 'key-2')
  expect([one, two].map(({ audience }) => audience)).toMatchObject([{ keyId: 'key-1' }, { keyId: 'key-2' }])
  expect(prepareAll(await sendable(one), rowsOf('one'))).toEqual(['ready'])
  expect(prepareAll(await sendable(two), rowsOf('two'))).toEqual(['ready'])
})

it('a row of one audience is none of another, be it of the same person', async () => {
  const { contents, index, rowsOf } = await twoNotices()
  const sendable = sendableNotices(contents, memoryAudienceKeys())
  const [one] = [await index('one', 'key-1'), await index('two', 'key-1')]
  expect(rowsOf('one')[0]?.key).not.toBe(rowsOf('two')[0]?.key)
  expect(prepareAll(await sendable(one), rowsOf('two'))).toEqual(['crossed-row'])
})

it('once an older key is gone its audiences are not sent, rather than sent unchecked', async () => {
  const { contents, index } = await twoNotices()
  const gone: AudienceKeys = {
    secretOf: async (keyId, audienceId) => {
      if (keyId === 'key-1') throw new Error('NotFoundException')
      return memoryAudienceKeys().secretOf(keyId, audienceId)
    },
  }
  const sendable = sendableNotices(contents, gone)
  await expect(sendable(await index('one', 'key-1'))).rejects.toThrow('NotFoundException')
  expect(await sendable(await index('two', 'key-2'))).toBeDefined()
})
