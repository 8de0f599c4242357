import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyEffort } from '../../functions/ledger/batch.ts'
import { emptyCounts } from '../../functions/ledger/counts.ts'
import type { LedgerStore } from '../../functions/ledger/ledger-store.ts'
import { keepLease } from '../../functions/sender/lease.ts'
import { LEASE_MS } from '../../functions/sender/ports.ts'
import { memoryLedgerStore } from '../memory/memory-ledger-store.ts'

const SETTLE_DELAY_MS = 5_000
const progress = { ...emptyCounts, ...emptyEffort }

interface Sent {
  readonly attempt: number
  readonly atMs: number
}

/** What one sender does, as often as it gets the batch; it dies without a word after so many calls of the ledger. */
interface SenderLife {
  readonly claims: number
  readonly windows: number
  readonly diesAfterCalls: number
}

const life: fc.Arbitrary<SenderLife> = fc.record({
  claims: fc.integer({ min: 3, max: 8 }),
  windows: fc.integer({ min: 1, max: 4 }),
  diesAfterCalls: fc.integer({ min: 1, max: 20 }),
})

/** The calls of the lease protocol in whatever order the scheduler gives them, time passing between any two of them. */
async function explore(scheduler: fc.Scheduler, lives: readonly SenderLife[], steps: readonly number[]) {
  const store = memoryLedgerStore()
  let nowMs = 1_000
  const clock = { now: () => nowMs, sleep: async () => {} }
  const sent: Sent[] = []
  let finished = 0

  for (const step of steps) {
    void scheduler.schedule(Promise.resolve(), 'time passes').then(() => {
      nowMs += step
    })
  }
  const senders = lives.map(async ({ claims, windows, diesAfterCalls }, index) => {
    let calls = 0
    const later = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
      if (++calls > diesAfterCalls) return new Promise<never>(() => {})
      await scheduler.schedule(Promise.resolve(), `${index} asks to ${name}`)
      const answer = await call()
      await scheduler.schedule(Promise.resolve(), `${index} hears of ${name}`)
      return answer
    }
    const ledger: LedgerStore = {
      ...store,
      claim: claim => later('claim', () => store.claim(claim)),
      renew: (holder, renewal) => later('renew', () => store.renew(holder, renewal)),
      finish: (holder, done, version) => later('finish', () => store.finish(holder, done, version)),
    }
    for (let claimed = 0; claimed < claims; claimed++) {
      const batch = { noticeId: 'n-1', run: 1, retryRun: undefined, batch: 0, size: 10 }
      const lease = { owner: `${index}-${claimed}`, nowMs, leaseMs: LEASE_MS, settleDelayMs: SETTLE_DELAY_MS }
      const claim = await ledger.claim({ ...batch, ...lease })
      if (claim.kind !== 'claimed') continue
      const held = keepLease({ ledger, clock }, claim.row, { claimedAtMs: lease.nowMs, settleDelayMs: SETTLE_DELAY_MS })
      for (let window = 1; window <= windows; window++) {
        await held.begin(window)
        if (held.held()) sent.push({ attempt: claim.row.attempt, atMs: nowMs })
        await held.keep()
      }
      if ((await ledger.finish(held.holder, progress, 0)).kind === 'changed') finished++
    }
  })
  while (scheduler.count() > 0) await scheduler.waitNext(1)
  void Promise.allSettled(senders)
  return { sent, finished, row: await store.readBatch('n-1', 0) }
}

describe('Claims, leases that end, and completions, in every order', () => {
  const steps = fc.array(fc.constantFrom(500, 3_000, 7_000, 12_000), { minLength: 4, maxLength: 16 })
  const lives = fc.array(life, { minLength: 2, maxLength: 4 })

  it('never let a sender send until a settle delay after another could have', async () => {
    let overtaken = 0
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), lives, steps, async (scheduler, alive, passing) => {
        const { sent } = await explore(scheduler, alive, passing)
        for (const earlier of sent) {
          for (const later of sent) {
            if (later.attempt <= earlier.attempt) continue
            overtaken++
            expect(later.atMs - earlier.atMs).toBeGreaterThanOrEqual(SETTLE_DELAY_MS)
          }
        }
      }),
      { numRuns: 3_000 },
    )
    expect(overtaken).toBeGreaterThan(20)
  })

  it('finish a batch at most once, and never open it again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), lives, steps, async (scheduler, alive, passing) => {
        const { finished, row } = await explore(scheduler, alive, passing)
        expect(finished).toBeLessThanOrEqual(1)
        if (finished === 1) expect(row?.state).toBe('done')
      }),
      { numRuns: 400 },
    )
  })
})
