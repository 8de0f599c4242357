import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdingTimeMs, outOfPatience, SILENCE_MS } from '../../functions/dispatcher/lost-pointers.ts'
import { enoughSenders } from '../../functions/pacer/concurrency.ts'
import { BATCHES_PER_CALL } from '../../functions/sender/concurrency.ts'
import { type Sending, simulateSending } from './sending-model.ts'

const ROUND_MS = 5_000
const LEASE_MS = 15_000
const RUNS = { numRuns: 60 }

const ratePerSecond = fc.constantFrom(14, 50, 100, 200, 500, 1_000)
const healthy: fc.Arbitrary<Sending> = fc
  .record({ noticeId: fc.string(), batches: fc.integer({ min: 1, max: 300 }), ratePerSecond })
  .map(given => ({
    ...given,
    senders: enoughSenders({ ...given, slowestAnswerMs: 400 }),
    settleDelayMs: 5_000,
    kills: [],
    lost: new Set<number>(),
    disorder: () => 0,
  }))

const idealMs = ({ batches, ratePerSecond }: Sending) => (batches * 100_000) / ratePerSecond
const batchMs = ({ senders, ratePerSecond }: Sending) => (senders * 100_000) / ratePerSecond
/** Until nobody shows life, a round comes, and a sender looks. */
const quietMs = SILENCE_MS + ROUND_MS + 2_000

/** Spreads numbers evenly between -most and most. */
const scatter = (most: number) => (pointer: number) =>
  most === 0 ? 0 : ((pointer * 2_654_435_761) % (2 * most)) - most

describe('A notice whose senders live', () => {
  it('gets no pointer twice, also from a queue that is out of order by half as much as senders hold', () => {
    fc.assert(
      fc.property(healthy, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const disorder = scatter(Math.floor((share * given.senders * BATCHES_PER_CALL) / 2))
        const sent = simulateSending({ ...given, disorder })
        expect(sent).toMatchObject({ queuedAgain: 0, refused: 0 })
        expect(sent.finishedAtMs).toBeLessThan(idealMs(given) + batchMs(given) + 1_000)
      }),
      RUNS,
    )
  })

  it('gets one pointer too many for three batches at most, where calls end before their pointers are used up', () => {
    for (const given of [
      { ratePerSecond: 14, senders: 7, batches: 200 },
      { ratePerSecond: 14, senders: 7, batches: 1_000 },
      { ratePerSecond: 14, senders: 20, batches: 1_000 },
      { ratePerSecond: 1, senders: 7, batches: 20 },
    ]) {
      const quiet = { noticeId: 'n', settleDelayMs: 60_000, kills: [], lost: new Set<number>(), disorder: () => 0 }
      const sent = simulateSending({ ...given, ...quiet })
      expect(sent.finishedAtMs).toBeDefined()
      expect(sent.queuedAgain).toBeLessThanOrEqual(given.batches / 3)
    }
  })

  it('gets few more from a queue that is wholly out of order', () => {
    fc.assert(
      fc.property(healthy, given => {
        const sent = simulateSending({ ...given, disorder: scatter(given.batches) })
        expect(sent.queuedAgain).toBeLessThanOrEqual(2 * given.batches)
      }),
      RUNS,
    )
  })
})

describe('A notice that loses pointers', () => {
  it('is sent to everybody, and nothing done is queued, whichever pointers are lost', () => {
    fc.assert(
      fc.property(healthy, fc.array(fc.nat(400)), (given, lost) => {
        const sent = simulateSending({ ...given, lost: new Set(lost) })
        expect(sent.doneQueued).toBe(0)
        // Each may be waited for by all, as few are in flight; and one that is lost again waits twice as long as before.
        const again = lost.filter(pointer => pointer >= given.batches).length
        const longestMs = idealMs(given) + batchMs(given) + quietMs * (2 ** (again + 1) + 2 * lost.length)
        expect(sent.finishedAtMs).toBeLessThan(longestMs)
      }),
      RUNS,
    )
  })

  const everyNth = (batches: number, share: number) =>
    new Set(Array.from({ length: batches }, (_, pointer) => pointer).filter(pointer => (pointer * 0.618) % 1 < share))

  it('ends some twenty seconds later than it would have, if one in twenty is lost once', () => {
    fc.assert(
      fc.property(healthy, fc.double({ min: 0, max: 0.05, noNaN: true }), (given, share) => {
        const lost = everyNth(given.batches, share)
        const sent = simulateSending({ ...given, lost })
        // Where few batches are in flight, they wait for each lost one; where many are, for all of them at once.
        const waits = given.ratePerSecond > 100 ? 1 : Math.max(1, lost.size)
        expect(sent.finishedAtMs).toBeLessThan(idealMs(given) + batchMs(given) + waits * quietMs)
      }),
      RUNS,
    )
  })

  it('ends also if a quarter is lost: what was in flight is found, and makes room for more', () => {
    fc.assert(
      fc.property(healthy, fc.double({ min: 0, max: 0.25, noNaN: true }), (given, share) => {
        const sent = simulateSending({ ...given, lost: everyNth(given.batches, share) })
        expect(sent.finishedAtMs).toBeLessThan(3 * idealMs(given) + 3 * quietMs + batchMs(given))
      }),
      RUNS,
    )
  })
})

describe('A long notice that loses pointers early', () => {
  it('ends no later for it, and gets a few pointers too many for each', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300), { minLength: 1, maxLength: 10 }), lost => {
        const long = { noticeId: 'n', batches: 1_000, ratePerSecond: 500, senders: 4, settleDelayMs: 5_000, kills: [] }
        const sent = simulateSending({ ...long, lost: new Set(lost), disorder: () => 0 })
        expect(sent.finishedAtMs).toBeLessThan(200_000 + 2_000)
        expect(sent.queuedAgain).toBeLessThanOrEqual(6 * lost.length)
      }),
      { numRuns: 20 },
    )
  })
})

describe('A notice whose senders are killed', () => {
  const minute = Array.from({ length: 30 }, (_, kill) => ({ atMs: 2_000 * (kill + 1), sender: kill * 7 }))

  it('every two seconds for a minute, ends soon after: lost pointers, leases and doubts cost no more', () => {
    fc.assert(
      fc.property(healthy, fc.integer({ min: 1_000, max: 60_000 }), (given, settleDelayMs) => {
        const sent = simulateSending({ ...given, settleDelayMs, kills: minute })
        expect(sent.doneQueued).toBe(0)
        const recoveryMs = LEASE_MS + settleDelayMs + 2 * quietMs + batchMs(given)
        expect(sent.finishedAtMs).toBeLessThan(60_000 + idealMs(given) + recoveryMs)
      }),
      RUNS,
    )
  })
})

describe('Patience', () => {
  it('runs out once for each doubling of the wait, however the rounds fall', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60_000 }),
        fc.array(fc.integer({ min: 1, max: 30_000 })),
        (patienceMs, rounds) => {
          let waitedMs = 0
          let times = 0
          for (const lookBackMs of rounds) {
            waitedMs += lookBackMs
            if (outOfPatience({ waitedMs, patienceMs, lookBackMs })) times++
          }
          const doublings = waitedMs < patienceMs ? 0 : 1 + Math.floor(Math.log2(waitedMs / patienceMs))
          expect(times).toBeLessThanOrEqual(doublings)
          if (doublings > 0) expect(times).toBeGreaterThan(0)
        },
      ),
    )
  })

  it('is longer than a call of a sender ever is, or fits its pace', () => {
    expect(holdingTimeMs({ ratePerSecond: 1, recipientsInHand: 2000 })).toBe(300_000)
    expect(holdingTimeMs({ ratePerSecond: 1_000, recipientsInHand: 7000 })).toBe(SILENCE_MS)
    expect(holdingTimeMs({ ratePerSecond: 100, recipientsInHand: 4000 })).toBe(80_000)
  })
})
