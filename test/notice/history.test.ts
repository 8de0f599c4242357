import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyHistory, type HistoryEntry, recorded } from '../../functions/notice/history.ts'
import type { Leak } from '../../functions/notice/leak.ts'
import { emptyTally } from '../../functions/notice/notice.ts'
import type { ChangeResult, NoticeStore } from '../../functions/notice/notice-store.ts'
import { sizeOfItem } from '../memory/item-size.ts'
import { memoryNoticeStore } from '../memory/memory-notice-store.ts'
import { draftNotice, readyAudience, usualOrder } from '../memory/sample-notice.ts'

const { noticeId } = draftNotice()
const finding = { rule: 'foreign-address', field: 'Content.Simple.Body.Text', excerpt: '* * *: *.*@*.*' } as const
const leakOf = (run: number): Leak => ({ ...finding, batch: run, recipientKey: 'key', run })

async function approvedNotice(): Promise<NoticeStore> {
  const store = memoryNoticeStore()
  const { contentDigest } = draftNotice()
  await store.create(draftNotice())
  await store.expectAudience(noticeId, 'a-1', 'ada', 0)
  await store.recordAudience(noticeId, readyAudience())
  await store.approve(noticeId, { by: 'bob', atMs: 0, contentDigest, audienceDigest: 'audience-digest' })
  return store
}

/** What operators and senders may do, in any order and at any time. A refusal is told of this run or of the one before. */
const deeds = {
  start: (store, atMs) => store.start(noticeId, usualOrder, atMs),
  stop: (store, atMs) => store.stop(noticeId, { kind: 'operator', by: 'ada' }, atMs),
  'stop all': async (store, atMs) => {
    await store.stopAll({ kind: 'operator', by: 'ada' }, atMs)
    return undefined
  },
  leak: async (store, atMs) => store.stopLeaking(noticeId, leakOf((await run(store)) || 1), atMs),
  'late leak': async (store, atMs) => store.stopLeaking(noticeId, leakOf(Math.max(1, (await run(store)) - 1)), atMs),
  resume: (store, atMs) => store.resume(noticeId, usualOrder, atMs),
  'resume with a word': async (store, atMs) =>
    store.resume(noticeId, { ...usualOrder, word: { leak: await openLeak(store), cause: 'mended' } }, atMs),
  'resume with a word for another': (store, atMs) =>
    store.resume(noticeId, { ...usualOrder, word: { leak: { ...leakOf(99), atMs }, cause: 'mended' } }, atMs),
  retry: (store, atMs) => store.retry(noticeId, usualOrder, atMs),
  'retry those rejected': (store, atMs) => store.retry(noticeId, { ...usualOrder, rejected: true }, atMs),
  finish: async (store, atMs) => store.finish(noticeId, await run(store), emptyTally, 3, atMs),
} satisfies Record<string, (store: NoticeStore, atMs: number) => Promise<ChangeResult | undefined>>
type Deed = keyof typeof deeds
const isDeed = (name: string): name is Deed => name in deeds

const anyDeeds = fc.array(fc.constantFrom(...Object.keys(deeds).filter(isDeed)), { maxLength: 60 })
const read = async (store: NoticeStore) => (await store.read(noticeId)) ?? draftNotice()
const run = async (store: NoticeStore) => (await read(store)).run
const openLeak = async (store: NoticeStore) => (await read(store)).leak

describe('Whatever is done in whatever order', () => {
  test('a notice of which a message was refused does not go again without a word about that refusal', async () => {
    let held = 0
    await fc.assert(
      fc.asyncProperty(anyDeeds, async done => {
        const store = await approvedNotice()
        for (const [atMs, deed] of ['start' as const, ...done].entries()) {
          const leak = await openLeak(store)
          await deeds[deed](store, atMs)
          const after = await read(store)
          if (leak === undefined) continue
          held++
          if (deed === 'resume with a word') continue
          expect(after.leak).toEqual(leak)
          expect(after.state).not.toBe('sending')
        }
      }),
    )
    expect(held).toBeGreaterThan(50)
  })

  test('a refusal that was not accounted for stops the notice, whichever run it is told of', async () => {
    await fc.assert(
      fc.asyncProperty(anyDeeds, fc.constantFrom('leak' as const, 'late leak' as const), async (done, last) => {
        const store = await approvedNotice()
        for (const [atMs, deed] of ['start' as const, ...done].entries()) await deeds[deed](store, atMs)
        const { leakWordRun = 0, run: before } = await read(store)
        await deeds[last](store, 100)
        const told = last === 'leak' ? before : Math.max(1, before - 1)
        if (told > leakWordRun) expect((await read(store)).leak).toBeDefined()
        if (told > leakWordRun) expect((await read(store)).state).not.toBe('sending')
      }),
    )
  })

  test('the history has one entry for each change, and for each stop of all that stopped it', async () => {
    await fc.assert(
      fc.asyncProperty(anyDeeds, async done => {
        const store = await approvedNotice()
        const expected = ['upload', 'approve']
        for (const [atMs, deed] of ['start' as const, ...done].entries()) {
          const before = await read(store)
          const result = await deeds[deed](store, atMs)
          const { state, history } = await read(store)
          const changed = result === undefined ? before.state === 'sending' : result.kind === 'changed'
          if (changed) expected.push(history.entries.at(-1)?.action ?? '')
          if (changed) expect(history.entries.at(-1)).toMatchObject({ atMs })
          if (state !== before.state) expect(changed).toBe(true)
          expect(history.leftOut + history.entries.length).toBe(expected.length)
        }
        const { entries, leftOut } = (await read(store)).history
        const kept = entries.map(({ action }) => action)
        expect(kept).toEqual(leftOut === 0 ? expected : [...expected.slice(0, 10), ...expected.slice(-30)])
      }),
    )
  })
})

describe('A history', () => {
  const arn = 'arn:aws:sts::111122223333:assumed-role/NoticeOperators/a.rather.long.name'
  const entry = (n: number): HistoryEntry => ({
    ...{ action: 'resume', atMs: 1_800_000_000_000 + n, by: arn, run: n },
    ...{ reason: 'x'.repeat(300), finding: { ...finding, excerpt: '*'.repeat(80) } },
  })
  const grown = (entries: number, make: (n: number) => HistoryEntry) =>
    Array.from({ length: entries }, (_, n) => make(n)).reduce(recorded, emptyHistory)

  test('keeps its beginning and its end, and says how much is missing in between', () => {
    const { entries, leftOut } = grown(1_000, entry)
    expect(leftOut).toBe(960)
    expect(entries.map(({ run: n }) => n)).toEqual(
      [...Array(10).keys(), ...Array(30).keys()].map((n, i) => (i < 10 ? n : 970 + n)),
    )
  })

  test('makes the item that senders update many times a second little larger', () => {
    const usual = grown(8, n => ({ action: 'stop', atMs: 1_800_000_000_000, by: arn, run: n }))
    expect(sizeOfItem({ history: usual })).toBeLessThanOrEqual(1_024)
    expect(sizeOfItem({ history: grown(1_000, entry) })).toBeLessThanOrEqual(24 * 1_024)
  })
})
