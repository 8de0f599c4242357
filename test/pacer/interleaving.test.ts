import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Window } from '../../functions/pacer/gcra.ts'
import { createPacer } from '../../functions/pacer/pacer.ts'
import { memoryPacerStore } from '../memory/memory-pacer-store.ts'
import { adversarialStore, type Fate, fates } from './adversarial-store.ts'
import { HAIR_US, overlaps, seconds, slotTimes } from './slots.ts'

const START_US = 1_800_000_000_000_000
const SKEW_US = 50_000
/** Of products of doubles: 1.05 × 20 is a little more than 21. */
const ROUNDING = 1e-9

const rates = fc.oneof(
  fc.integer({ min: 1, max: 200 }),
  fc.integer({ min: 1, max: 20_000 }),
  fc.double({ min: 0.1, max: 10_000, noNaN: true }),
)
const waits = fc.oneof(fc.nat(1_000), fc.nat(100_000), fc.nat(40_000_000))
const steps = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('reserve' as const), needed: fc.integer({ min: 1, max: 100 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('throttled' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), waitUs: waits }) },
)
const sender = fc.record({ aheadUs: fc.nat(SKEW_US), steps: fc.array(steps, { maxLength: 12 }) })
const grant = fc.record({ rate: rates, waitUs: waits })
const world = fc.record({
  scheduler: fc.scheduler(),
  fates: fc.infiniteStream(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant<Fate>('answered') },
      { weight: 1, arbitrary: fc.constantFrom(...fates) },
    ),
  ),
  first: rates,
  grants: fc.array(grant, { maxLength: 4 }),
  senders: fc.array(sender, { minLength: 1, maxLength: 5 }),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

interface Reservation {
  readonly window: Window
  readonly needed: number
  readonly aheadUs: number
  readonly askedUs: number
  /** The highest of the rates that were granted while it was under way. */
  readonly rate: number
}

/** Lets the senders and the dispatcher of a world do what they do, and tells what slots were given out. */
async function reservationsIn({ scheduler, fates: stream, first, grants, senders }: World): Promise<Reservation[]> {
  let trueUs = START_US
  const store = memoryPacerStore()
  const across = adversarialStore(store, scheduler, () => stream.next().value)
  const pacerOf = (of: typeof store, aheadUs: number) =>
    createPacer(of, { now: () => (trueUs + aheadUs) / 1000, sleep: async () => {} })
  const pause = async (waitUs: number) => {
    await scheduler.schedule(Promise.resolve(), 'wait')
    trueUs += waitUs
  }
  const reservations: Reservation[] = []
  const underWay = new Set<Set<number>>()
  let inForce = new Set([first])
  await pacerOf(store, 0).grant(first)

  async function dispatch() {
    const pacer = pacerOf(across, 0)
    for (const { rate, waitUs } of grants) {
      await pause(waitUs)
      for (const known of [inForce, ...underWay]) known.add(rate)
      const granted = await pacer.grant(rate).then(
        () => true,
        () => false,
      )
      if (granted) inForce = new Set([rate])
    }
  }

  async function send({ aheadUs, steps: work }: World['senders'][number]) {
    const pacer = pacerOf(across, aheadUs)
    for (const step of work) {
      if (step.kind === 'wait') await pause(step.waitUs)
      if (step.kind === 'throttled') await pacer.throttled().catch(() => undefined)
      if (step.kind !== 'reserve') continue
      const askedUs = Math.round(trueUs + aheadUs)
      const known = new Set(inForce)
      underWay.add(known)
      const window = await pacer.reserve(step.needed).catch(() => undefined)
      underWay.delete(known)
      if (window === undefined) continue
      reservations.push({ window, needed: step.needed, aheadUs, askedUs, rate: Math.max(...known) })
    }
  }

  await scheduler.waitFor(Promise.all([dispatch(), ...senders.map(send)]))
  return reservations
}

describe('Whatever the interleaving of reservations', () => {
  it('slots never overlap, never lie in the past, and are about a second of the granted rate at most', async () => {
    await fc.assert(
      fc.asyncProperty(world, async given => {
        const reservations = await reservationsIn(given)
        expect(overlaps(reservations.map(({ window }) => window))).toEqual([])
        for (const { window, needed, askedUs, rate } of reservations) {
          expect(window.startUs).toBeGreaterThanOrEqual(askedUs)
          expect(window.intervalUs * rate).toBeGreaterThanOrEqual(1_000_000 - HAIR_US)
          expect(window.slots).toBeGreaterThanOrEqual(1)
          expect(window.slots).toBeLessThanOrEqual(Math.max(1, Math.min(needed, rate + HAIR_US)))
        }
      }),
      { numRuns: 400 },
    )
  })

  it('no second has more slots than the granted rate, and no more calls than 1.05 s of it where clocks differ by 50 ms', async () => {
    await fc.assert(
      fc.asyncProperty(world, async given => {
        const reservations = await reservationsIn(given)
        const slots = reservations.flatMap(({ window, aheadUs, rate }) =>
          slotTimes(window, START_US).map(slotUs => ({ slotUs, callUs: slotUs - aheadUs, rate })),
        )
        const most = (fromUs: number) =>
          slots.reduce(
            (rate, slot) =>
              slot.slotUs >= fromUs && slot.slotUs < fromUs + 1_000_000 + SKEW_US ? Math.max(rate, slot.rate) : rate,
            0,
          )
        const bySlots = seconds(slots.map(({ slotUs }) => slotUs))
        const byCalls = seconds(slots.map(({ callUs }) => callUs))
        const busiest = (all: typeof bySlots) => all.toSorted((a, b) => b.count - a.count).slice(0, 20)
        for (const { fromUs, count } of busiest(bySlots))
          expect(count).toBeLessThanOrEqual(Math.ceil(most(fromUs) - ROUNDING))
        for (const { fromUs, count } of busiest(byCalls)) {
          expect(count).toBeLessThanOrEqual(Math.ceil(1.05 * most(fromUs) - ROUNDING))
        }
      }),
      { numRuns: 200 },
    )
  })
})
