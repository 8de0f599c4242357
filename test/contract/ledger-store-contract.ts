import { beforeEach, describe, expect, it } from 'vitest'
import { allows, batchTransitions } from '../../functions/ledger/batch-states.ts'
import { emptyCounts } from '../../functions/ledger/counts.ts'
import { type Fact, factId } from '../../functions/ledger/delivery.ts'
import type { BatchClaim, BatchProgress, LedgerStore } from '../../functions/ledger/ledger-store.ts'
import { emptyTally } from '../../functions/notice/notice.ts'

const progress: BatchProgress = {
  ...emptyCounts,
  tally: { ...emptyTally, accepted: 99, failed: 1 },
  acceptances: { de: { count: 1, firstMs: 1_500, lastMs: 1_500 }, en: { count: 98, firstMs: 1_100, lastMs: 1_900 } },
  throttles: 2,
  idleMs: 300,
  heldMs: 1_200,
}

/** What every ledger promises. */
export function ledgerStoreContract(name: string, open: () => Promise<LedgerStore>): void {
  describe(`Ledger in ${name}`, () => {
    let ledger: LedgerStore
    let noticeId: string
    let count = 0

    beforeEach(async () => {
      ledger = await open()
      noticeId = `n-${name.replaceAll(' ', '-')}-${process.pid}-${count++}`
    })

    const claim = (owner: string, nowMs: number, batch = 0): BatchClaim => ({
      noticeId,
      run: 1,
      retryRun: undefined,
      batch,
      size: 100,
      owner,
      nowMs,
      leaseMs: 30_000,
      settleDelayMs: 60_000,
    })
    const holder = (owner: string, batch = 0) => ({ noticeId, batch, owner })

    it('gives a batch to one of many concurrent claims', async () => {
      const claims = await Promise.all(Array.from({ length: 10 }, (_, n) => ledger.claim(claim(`owner-${n}`, 1_000))))
      expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1)
      expect(claims.filter(({ kind }) => kind === 'held')).toHaveLength(9)
    })

    it('recognises a repeated claim as its own, without another attempt', async () => {
      await ledger.claim(claim('me', 1_000))
      expect(await ledger.claim(claim('me', 1_000))).toMatchObject({ kind: 'claimed', row: { attempt: 1 } })
    })

    it('holds a batch until its lease has ended and the settle delay has passed', async () => {
      await ledger.claim(claim('first', 1_000))
      expect(await ledger.claim(claim('second', 90_999))).toEqual({ kind: 'held', claimableAtMs: 91_000 })
      const second = await ledger.claim(claim('second', 91_000))
      expect(second).toMatchObject({
        kind: 'claimed',
        row: { attempt: 2, owner: 'second' },
        previous: { state: 'leased', owner: 'first' },
      })
    })

    it('lets one of many claims take over an expired lease', async () => {
      await ledger.claim(claim('dead', 1_000))
      const claims = await Promise.all(Array.from({ length: 10 }, (_, n) => ledger.claim(claim(`owner-${n}`, 100_000))))
      expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1)
    })

    it('keeps a renewed lease from others', async () => {
      await ledger.claim(claim('me', 1_000))
      expect(await ledger.renew(holder('me'), { aliveAtMs: 110_000, claimableAtMs: 200_000, begun: 40 })).toEqual({
        kind: 'changed',
      })
      expect(await ledger.claim(claim('other', 150_000))).toEqual({ kind: 'held', claimableAtMs: 200_000 })
    })

    it('marks a batch done together with its counts, once and for all', async () => {
      await ledger.claim(claim('me', 1_000))
      expect(await ledger.finish(holder('me'), progress, 0)).toEqual({ kind: 'changed' })
      expect(await ledger.finish(holder('me'), progress, 0)).toEqual({ kind: 'changed' })
      expect(await ledger.claim(claim('other', 500_000))).toEqual({ kind: 'done' })
      expect(await ledger.readBatch(noticeId, 0)).toMatchObject({ state: 'done', ...progress })
    })

    it('gives nothing to a holder whose lease another has taken', async () => {
      await ledger.claim(claim('slow', 1_000))
      await ledger.claim(claim('next', 100_000))
      expect(await ledger.renew(holder('slow'), { aliveAtMs: 1, claimableAtMs: 300_000, begun: 9 })).toEqual({
        kind: 'lost',
      })
      expect(await ledger.finish(holder('slow'), progress, 0)).toEqual({ kind: 'lost' })
      expect(await ledger.release(holder('slow'), progress, 0)).toEqual({ kind: 'lost' })
      expect(await ledger.readBatch(noticeId, 0)).toMatchObject({ owner: 'next', state: 'leased', tally: emptyTally })
    })

    it('opens a released batch at the time given, with what was done of it', async () => {
      await ledger.claim(claim('me', 1_000))
      expect(await ledger.release(holder('me'), progress, 5_000)).toEqual({ kind: 'changed' })
      expect(await ledger.claim(claim('next', 4_999))).toEqual({ kind: 'held', claimableAtMs: 5_000 })
      expect(await ledger.claim(claim('next', 5_000))).toMatchObject({
        kind: 'claimed',
        row: { ...progress, attempt: 2 },
        previous: { state: 'open' },
      })
    })

    it.each(
      (['leased', 'open', 'done'] as const).flatMap(state =>
        (['renew', 'release', 'finish', 'recount'] as const).map(action => [action, state] as const),
      ),
    )('lets %s happen to a batch that is %s exactly as the table of transitions says', async (action, state) => {
      const me = holder('me')
      await ledger.claim(claim('me', 1_000))
      if (state === 'open') await ledger.release(me, progress, 5_000)
      if (state === 'done') await ledger.finish(me, progress, 0)
      const before = await ledger.readBatch(noticeId, 0)
      const other = { ...progress, throttles: 77 }
      const actions = {
        renew: () => ledger.renew(me, { aliveAtMs: 77, claimableAtMs: 77, begun: 77 }),
        release: () => ledger.release(me, other, 77),
        finish: () => ledger.finish(me, other, 0),
        recount: () => ledger.recount(noticeId, 0, { ...emptyCounts, sentAgain: 77 }, 0),
      }
      await actions[action]()
      const after = await ledger.readBatch(noticeId, 0)
      if (allows(action, state)) expect(after).toMatchObject({ state: batchTransitions[action].to })
      expect(JSON.stringify(after) !== JSON.stringify(before)).toBe(allows(action, state))
    })

    it('opens a done batch to a retry if somebody failed for a passing reason, once', async () => {
      await ledger.claim(claim('me', 1_000))
      await ledger.finish(holder('me'), { ...progress, retryable: 1 }, 0)
      expect(await ledger.claim({ ...claim('resumed', 9_000), run: 2 })).toEqual({ kind: 'done' })
      const retried = await ledger.claim({ ...claim('retry', 9_000), run: 3, retryRun: 3 })
      expect(retried).toMatchObject({ kind: 'claimed', row: { attempt: 2, retryAfter: 1, tally: progress.tally } })
      await ledger.finish(holder('retry'), { ...progress, retryable: 1 }, 1)
      expect(await ledger.claim({ ...claim('again', 9_500), run: 3, retryRun: 3 })).toEqual({ kind: 'done' })
    })

    it('leaves a done batch alone in a retry that concerns nobody of it', async () => {
      await ledger.claim(claim('me', 1_000))
      await ledger.finish(holder('me'), progress, 0)
      expect(await ledger.claim({ ...claim('retry', 9_000), run: 2, retryRun: 2 })).toEqual({ kind: 'done' })
    })

    it('keeps how far holders that vanished may have begun, until one shows life that comes after them', async () => {
      await ledger.claim(claim('dead', 1_000))
      await ledger.renew(holder('dead'), { aliveAtMs: 2_000, claimableAtMs: 92_000, begun: 40 })
      const vanished = [{ attempt: 1, begun: 40, aliveAtMs: 2_000 }]
      expect(await ledger.claim(claim('silent', 92_000))).toMatchObject({ row: { begun: 0, vanished } })
      expect(await ledger.claim(claim('next', 192_000))).toMatchObject({ row: { attempt: 3, begun: 0, vanished } })
      await ledger.renew(holder('next'), { aliveAtMs: 193_000, claimableAtMs: 293_000, begun: 10 })
      expect(await ledger.readBatch(noticeId, 0)).toMatchObject({ begun: 10, vanished: [] })
    })

    it('keeps a recount that was read before a claim from landing after it', async () => {
      await ledger.claim(claim('me', 1_000))
      await ledger.finish(holder('me'), { ...progress, retryable: 1 }, 0)
      await ledger.claim({ ...claim('retry', 9_000), run: 2, retryRun: 2 })
      await ledger.finish(holder('retry'), progress, 1)
      expect((await ledger.recount(noticeId, 0, emptyCounts, 0)).kind).toBe('feedback')
      expect(await ledger.readBatch(noticeId, 0)).toMatchObject({ tally: progress.tally })
    })

    it('makes a finishing sender see feedback that came meanwhile', async () => {
      await ledger.claim(claim('me', 1_000))
      expect(await ledger.announceFeedback(noticeId, 0)).toMatchObject({ feedbackVersion: 1, state: 'leased' })
      expect(await ledger.finish(holder('me'), progress, 0)).toMatchObject({
        kind: 'feedback',
        row: { feedbackVersion: 1 },
      })
      expect(await ledger.finish(holder('me'), progress, 1)).toEqual({ kind: 'changed' })
    })

    it('recounts a done batch, unless newer feedback has come', async () => {
      await ledger.claim(claim('me', 1_000))
      await ledger.finish(holder('me'), progress, 0)
      await ledger.announceFeedback(noticeId, 0)
      const tally = { ...emptyTally, accepted: 98, failed: 1, suppressed: 1 }
      const counts = { ...emptyCounts, tally, bounced: 1 }
      expect(await ledger.recount(noticeId, 0, counts, 0)).toMatchObject({
        kind: 'feedback',
        row: { feedbackVersion: 1 },
      })
      expect(await ledger.recount(noticeId, 0, counts, 1)).toEqual({ kind: 'changed' })
      expect(await ledger.readBatch(noticeId, 0)).toMatchObject({ state: 'done', ...counts })
    })

    it('knows nothing of a batch that was never claimed', async () => {
      expect(await ledger.announceFeedback(noticeId, 7)).toBeUndefined()
      expect(await ledger.readBatch(noticeId, 7)).toBeUndefined()
    })

    it('reads all rows of a notice in batch order, and of no other', async () => {
      for (const batch of [11, 2, 100, 0]) await ledger.claim(claim(`owner-${batch}`, 1_000, batch))
      await ledger.claim({ ...claim('other', 1_000, 1), noticeId: `${noticeId}-other` })
      const rows = await Array.fromAsync(ledger.readBatches(noticeId))
      expect(rows.map(({ batch }) => batch)).toEqual([0, 2, 11, 100])
      const some = await Array.fromAsync(ledger.readBatches(noticeId, { first: 2, last: 11 }))
      expect(some.map(({ batch }) => batch)).toEqual([2, 11])
    })

    it('keeps each fact once, however often and in whatever order it is put', async () => {
      const facts = Array.from({ length: 60 }, (_, n): Fact[] => {
        const about = {
          noticeId,
          batch: 3,
          recipientKey: `key-${String(n).padStart(2, '0')}`,
          attempt: 1,
          atMs: 1_000 + n,
        }
        return [
          { ...about, fact: 'outcome', outcome: { kind: 'accepted', messageId: `m-${n}` } },
          { ...about, fact: 'send', messageId: `m-${n}` },
          { ...about, attempt: 2, fact: 'outcome', outcome: { kind: 'inDoubt', reason: 'no answer came' } },
          { ...about, attempt: 2, fact: 'vanished' },
        ]
      }).flat()
      await ledger.putFacts(facts)
      await ledger.putFacts([...facts, ...facts].reverse())
      const read = await ledger.readFacts(noticeId, 3)
      expect([...read].sort((a, b) => factId(a).localeCompare(factId(b)))).toEqual(facts)
      expect(await ledger.readFacts(noticeId, 4)).toEqual([])
    })

    it('takes a fact that is told again as of the latest, in whatever order it was written', async () => {
      const about = { noticeId, recipientKey: 'key', attempt: 1, fact: 'delay', messageId: 'm-1' } as const
      for (const [batch, order] of [
        [1, 2, 3],
        [3, 1, 2],
        [2, 3, 1],
      ].entries()) {
        for (const atMs of order) await ledger.putFacts([{ ...about, batch, atMs, detail: `told at ${atMs}` }])
        expect(await ledger.readFacts(noticeId, batch)).toEqual([{ ...about, batch, atMs: 3, detail: 'told at 3' }])
      }
    })
  })
}
