import { beforeEach, describe, expect, it } from 'vitest'
import type { NoticeStore } from '../../functions/notice/notice-store.ts'
import { draftNotice, readyAudience, usualOrder } from '../memory/sample-notice.ts'

const approval = { by: 'bob', atMs: 5, contentDigest: 'content-digest', audienceDigest: 'audience-digest' }
const finding = { rule: 'one-recipient', field: 'Destination.ToAddresses', excerpt: '*@*.*' } as const
const leak = { ...finding, batch: 2, recipientKey: 'key', run: 1 }
const tally = { accepted: 90, rejected: 1, failed: 4, suppressed: 2, inDoubt: 3 }

/** What every store of notices promises. */
export function noticeStoreContract(name: string, open: () => Promise<NoticeStore>): void {
  describe(`Notices in ${name}`, () => {
    let store: NoticeStore
    let noticeId: string
    let count = 0

    beforeEach(async () => {
      store = await open()
      noticeId = `n-${name.replaceAll(' ', '-')}-${process.pid}-${count++}`
      await store.create(draftNotice({ noticeId }))
    })

    const sending = async () => {
      await store.expectAudience(noticeId, 'a-1', 'ada', 1)
      await store.recordAudience(noticeId, readyAudience())
      await store.approve(noticeId, approval)
      return store.start(noticeId, usualOrder, 10)
    }

    it('gives back what was created', async () => {
      expect(await store.read(noticeId)).toEqual(draftNotice({ noticeId }))
      expect(await store.read('n-none')).toBeUndefined()
    })

    it('refuses a second notice of the same id and leaves the first', async () => {
      await expect(store.create(draftNotice({ noticeId, name: 'Another' }))).rejects.toThrow()
      expect((await store.read(noticeId))?.name).toBe('Index change')
    })

    it('takes a notice from draft to finished', async () => {
      expect(await sending()).toMatchObject({ kind: 'changed', notice: { state: 'sending', run: 1, startedAtMs: 10 } })
      const finished = await store.finish(noticeId, 1, tally, 3, 20)
      expect(finished).toMatchObject({
        kind: 'changed',
        notice: { state: 'finished', tally, batchesDone: 3, finishedAtMs: 20 },
      })
    })

    it('starts once: the second start is a conflict and changes nothing', async () => {
      await sending()
      const before = await store.read(noticeId)
      expect((await store.start(noticeId, usualOrder, 11)).kind).toBe('conflict')
      expect(await store.read(noticeId)).toEqual(before)
    })

    it('lets one of many concurrent stops win', async () => {
      await sending()
      const stops = await Promise.all(
        Array.from({ length: 8 }, (_, index) => store.stop(noticeId, { kind: 'operator', by: `op-${index}` }, 30)),
      )
      expect(stops.filter(({ kind }) => kind === 'changed')).toHaveLength(1)
      expect((await store.read(noticeId))?.state).toBe('stopped')
    })

    it('raises the run with each resume and forgets why it was stopped', async () => {
      await sending()
      await store.stop(noticeId, { kind: 'ses', error: 'MessageRejected: no' }, 30)
      const resumed = await store.resume(noticeId, usualOrder, 40)
      expect(resumed).toMatchObject({ kind: 'changed', notice: { state: 'sending', run: 2, progressAtMs: 40 } })
      expect(await store.read(noticeId)).not.toHaveProperty('stopReason')
      expect((await store.finish(noticeId, 1, tally, 3, 50)).kind).toBe('conflict')
    })

    it('remembers the last stop from which it went on', async () => {
      await sending()
      await store.stop(noticeId, { kind: 'operator', by: 'bob' }, 30)
      expect(await store.read(noticeId)).toMatchObject({ stoppedAtMs: 30 })
      await store.resume(noticeId, usualOrder, 40)
      expect(await store.read(noticeId)).toMatchObject({ run: 2, lastStop: { run: 1, atMs: 30 } })
    })

    it('stops every notice that is being sent with one call, and no draft', async () => {
      await sending()
      const draft = `${noticeId}-draft`
      await store.create(draftNotice({ noticeId: draft }))
      const { atMs } = await store.stopAll({ kind: 'operator', by: 'bob' }, 30)
      expect(atMs).toBe(30)
      const stopped = { state: 'stopped', stoppedAtMs: 30, stopReason: { kind: 'operator', by: 'bob' } }
      expect(await store.read(noticeId)).toMatchObject(stopped)
      expect((await store.read(draft))?.state).toBe('draft')
      const listed = async (state: 'sending' | 'stopped') => (await store.list(state)).map(notice => notice.noticeId)
      expect(await listed('stopped')).toContain(noticeId)
      expect(await listed('sending')).not.toContain(noticeId)
      expect((await store.finish(noticeId, 1, tally, 3, 40)).kind).toBe('conflict')
    })

    it('resumes each notice by itself after all were stopped, and starts others', async () => {
      await sending()
      await store.stopAll({ kind: 'operator', by: 'bob' }, 30)
      const resumed = await store.resume(noticeId, usualOrder, 40)
      expect(resumed).toMatchObject({ notice: { state: 'sending', run: 2, lastStop: { run: 1, atMs: 30 } } })
      expect(await store.read(noticeId)).toMatchObject({ state: 'sending' })
      await store.stopAll({ kind: 'operator', by: 'bob' }, 50)
      expect(await store.read(noticeId)).toMatchObject({ state: 'stopped', stoppedAtMs: 50 })
    })

    it('retries a finished notice as the next run, and no other', async () => {
      await sending()
      expect((await store.retry(noticeId, usualOrder, 15)).kind).toBe('conflict')
      await store.finish(noticeId, 1, tally, 3, 20)
      const retried = await store.retry(noticeId, usualOrder, 30)
      expect(retried).toMatchObject({ kind: 'changed', notice: { state: 'sending', run: 2, retryRun: 2 } })
      expect(await store.read(noticeId)).not.toHaveProperty('finishedAtMs')
    })

    it('returns an approved notice to draft when its audience is replaced', async () => {
      await store.expectAudience(noticeId, 'a-1', 'ada', 1)
      await store.recordAudience(noticeId, readyAudience())
      await store.approve(noticeId, approval)
      const replaced = await store.expectAudience(noticeId, 'a-2', 'ada', 2)
      expect(replaced).toMatchObject({ kind: 'changed', notice: { state: 'draft' } })
      expect(await store.read(noticeId)).not.toHaveProperty('approval')
    })

    it('refuses what became of an upload that a newer one has replaced', async () => {
      await store.expectAudience(noticeId, 'a-1', 'ada', 1)
      await store.expectAudience(noticeId, 'a-2', 'ada', 2)
      expect((await store.recordAudience(noticeId, readyAudience())).kind).toBe('conflict')
    })

    it('keeps an approval when the event of its upload is repeated', async () => {
      await store.expectAudience(noticeId, 'a-1', 'ada', 1)
      await store.recordAudience(noticeId, readyAudience())
      await store.approve(noticeId, approval)
      const before = await store.read(noticeId)
      expect((await store.recordAudience(noticeId, { state: 'indexing', audienceId: 'a-1', keyId: 'k-1' })).kind).toBe(
        'conflict',
      )
      expect((await store.recordAudience(noticeId, readyAudience())).kind).toBe('conflict')
      expect(await store.read(noticeId)).toEqual(before)
    })

    it('goes on indexing under the key with which it began', async () => {
      const indexing = (keyId: string) => ({ state: 'indexing' as const, audienceId: 'a-1', keyId })
      await store.expectAudience(noticeId, 'a-1', 'ada', 1)
      await store.recordAudience(noticeId, indexing('k-1'))
      const repeated = await store.recordAudience(noticeId, indexing('k-2'))
      expect(repeated).toMatchObject({ kind: 'changed', notice: { audience: indexing('k-1') } })
    })

    it('binds an approval to the content and the audience as they are', async () => {
      await store.expectAudience(noticeId, 'a-1', 'ada', 1)
      await store.recordAudience(noticeId, readyAudience({ digest: 'other' }))
      expect((await store.approve(noticeId, approval)).kind).toBe('conflict')
    })

    it('tells who did what, and when, by the same write', async () => {
      await sending()
      await store.stop(noticeId, { kind: 'operator', by: 'bob' }, 30)
      await store.resume(noticeId, { ...usualOrder, by: 'cleo' }, 40)
      await store.finish(noticeId, 2, tally, 3, 50)
      await store.retry(noticeId, { ...usualOrder, by: 'dora' }, 60)
      await store.stop(noticeId, { kind: 'ses', error: 'SendingPausedException: paused' }, 70)
      expect((await store.read(noticeId))?.history).toEqual({
        entries: [
          { action: 'upload', atMs: 1, by: 'ada', run: 0 },
          { action: 'approve', atMs: 5, by: 'bob', run: 0 },
          { action: 'start', atMs: 10, by: usualOrder.by, run: 1 },
          { action: 'stop', atMs: 30, by: 'bob', run: 1 },
          { action: 'resume', atMs: 40, by: 'cleo', run: 2 },
          { action: 'finish', atMs: 50, run: 2 },
          { action: 'retry', atMs: 60, by: 'dora', run: 3 },
          { action: 'stop', atMs: 70, run: 3, reason: 'SendingPausedException: paused' },
        ],
        leftOut: 0,
      })
    })

    it('tells nothing of what was refused', async () => {
      await sending()
      const before = (await store.read(noticeId))?.history
      await store.start(noticeId, usualOrder, 11)
      await store.resume(noticeId, usualOrder, 12)
      await store.retry(noticeId, usualOrder, 13)
      await store.finish(noticeId, 7, tally, 3, 14)
      expect((await store.read(noticeId))?.history).toEqual(before)
    })

    it('tells of a stop of all in each notice that it stopped, before and after it goes on', async () => {
      await sending()
      const draft = `${noticeId}-draft`
      await store.create(draftNotice({ noticeId: draft }))
      await store.stopAll({ kind: 'operator', by: 'bob' }, 30)
      const stop = { action: 'stop-all', atMs: 30, by: 'bob', run: 1 }
      expect((await store.read(noticeId))?.history.entries.at(-1)).toEqual(stop)
      expect((await store.read(draft))?.history.entries).toEqual([])
      await store.resume(noticeId, usualOrder, 40)
      const { entries } = (await store.read(noticeId))?.history ?? { entries: [] }
      expect(entries.slice(-2)).toMatchObject([stop, { action: 'resume', run: 2 }])
      expect(entries.filter(({ action }) => action === 'stop-all')).toHaveLength(1)
    })

    it('holds a refusal by the leak guard until somebody has accounted for that very one', async () => {
      await sending()
      expect(await store.stopLeaking(noticeId, leak, 30)).toMatchObject({
        kind: 'changed',
        notice: { state: 'stopped', stoppedAtMs: 30, stopReason: { kind: 'leak-guard', rule: 'one-recipient' } },
      })
      expect((await store.stopLeaking(noticeId, { ...leak, batch: 9 }, 31)).kind).toBe('conflict')
      const held = await store.read(noticeId)
      expect(held?.leak).toEqual({ ...leak, atMs: 30 })
      expect((await store.resume(noticeId, usualOrder, 40)).kind).toBe('conflict')
      const another = { leak: { ...leak, atMs: 29 }, cause: 'Another' }
      expect((await store.resume(noticeId, { ...usualOrder, word: another }, 41)).kind).toBe('conflict')
      expect(await store.read(noticeId)).toEqual(held)
      const word = { leak: held?.leak, cause: 'A stray address in the footer' }
      expect((await store.resume(noticeId, { ...usualOrder, word }, 42)).kind).toBe('changed')
      const resumed = await store.read(noticeId)
      expect(resumed).not.toHaveProperty('leak')
      expect(resumed?.history.entries.slice(-2)).toEqual([
        { action: 'stop', atMs: 30, run: 1, finding },
        { action: 'resume', atMs: 42, by: usualOrder.by, run: 2, finding, reason: 'A stray address in the footer' },
      ])
      // Late word of the same run; and a refusal of the run that goes on now.
      expect((await store.stopLeaking(noticeId, leak, 50)).kind).toBe('conflict')
      expect((await store.stopLeaking(noticeId, { ...leak, run: 2 }, 51)).kind).toBe('changed')
    })

    it.each([
      ['an operator', () => store.stop(noticeId, { kind: 'operator', by: 'bob' }, 29)],
      ['a stop of all', () => store.stopAll({ kind: 'operator', by: 'bob' }, 29)],
    ])('holds a refusal also when %s has stopped the notice before it was told', async (_, stop) => {
      await sending()
      await stop()
      expect((await store.stopLeaking(noticeId, leak, 30)).kind).toBe('changed')
      const notice = await store.read(noticeId)
      expect(notice).toMatchObject({ state: 'stopped', stoppedAtMs: 29, leak: { ...leak, atMs: 30 } })
      expect(notice?.history.entries.slice(-2)).toMatchObject([
        { by: 'bob', atMs: 29 },
        { action: 'leak', finding },
      ])
      await store.stopAll({ kind: 'operator', by: 'cleo' }, 31)
      expect(await store.read(noticeId)).toEqual(notice)
      expect((await store.resume(noticeId, usualOrder, 40)).kind).toBe('conflict')
    })

    it('retries those rejected only with a word, and nobody while a refusal is open', async () => {
      await sending()
      await store.finish(noticeId, 1, tally, 3, 20)
      expect((await store.retry(noticeId, { ...usualOrder, rejected: true }, 30)).kind).toBe('conflict')
      await store.stopLeaking(noticeId, leak, 31)
      expect(await store.read(noticeId)).toMatchObject({ state: 'finished', leak })
      expect((await store.retry(noticeId, usualOrder, 32)).kind).toBe('conflict')
      const word = { leak: { ...leak, atMs: 31 }, cause: 'Mended' }
      const retried = await store.retry(noticeId, { ...usualOrder, word, rejected: true }, 33)
      expect(retried).toMatchObject({ kind: 'changed', notice: { run: 2, retryRun: 2, retryRejected: true } })
      await store.finish(noticeId, 2, tally, 3, 40)
      const plain = await store.retry(noticeId, usualOrder, 41)
      expect(plain).toMatchObject({ kind: 'changed', notice: { run: 3, retryRun: 3, retryRejected: false } })
    })

    it('answers missing for a notice that is not there', async () => {
      expect(await store.start('n-none', usualOrder, 1)).toEqual({ kind: 'missing' })
    })

    it('adds every one of many concurrent tallies', async () => {
      await sending()
      await Promise.all(Array.from({ length: 20 }, (_, index) => store.addToTally(noticeId, tally, 1, 100 + index)))
      const notice = await store.read(noticeId)
      expect(notice?.batchesDone).toBe(20)
      expect(notice?.tally).toEqual({ accepted: 1800, rejected: 20, failed: 80, suppressed: 40, inDoubt: 60 })
    })

    it('refreshes the tally only when nothing was counted since the notice was read', async () => {
      await sending()
      const read = await store.read(noticeId)
      if (read === undefined) throw new Error('missing')
      await store.addToTally(noticeId, tally, 1, 200)
      await store.refreshTally(read, tally, 7)
      expect((await store.read(noticeId))?.batchesDone).toBe(1)
      const again = await store.read(noticeId)
      if (again === undefined) throw new Error('missing')
      await store.refreshTally(again, tally, 7)
      expect((await store.read(noticeId))?.batchesDone).toBe(7)
    })

    it('keeps what is known of the progress of a run, and forgets nothing else for it', async () => {
      await sending()
      const before = await store.read(noticeId)
      const seen = { run: 1, tally, batchesDone: 2, atMs: 300 }
      await store.recordProgress(noticeId, { ...seen, stalledBy: 'throttled' })
      await store.recordProgress(noticeId, seen)
      expect(await store.read(noticeId)).toEqual({ ...before, lastProgress: seen })
      await store.recordProgress(noticeId, { ...seen, run: 2 })
      await store.recordProgress('n-none', seen)
      expect((await store.read(noticeId))?.lastProgress).toEqual(seen)
      expect(await store.read('n-none')).toBeUndefined()
    })

    it('lists notices by state, newest first', async () => {
      const newer = `${noticeId}-newer`
      await store.create(draftNotice({ noticeId: newer, createdAtMs: 1_900_000_000_000 }))
      const ids = (await store.list('draft')).map(notice => notice.noticeId).filter(id => id.startsWith(noticeId))
      expect(ids).toEqual([newer, noticeId])
      expect((await store.list('sending')).map(notice => notice.noticeId)).not.toContain(noticeId)
    })
  })
}
