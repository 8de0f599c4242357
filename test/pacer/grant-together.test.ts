import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Window } from '../../functions/pacer/gcra.ts'
import { grantTogether } from '../../functions/pacer/grant-together.ts'
import { createPacer } from '../../functions/pacer/pacer.ts'
import { memoryPacerStore } from '../memory/memory-pacer-store.ts'
import { adversarialStore, type Fate, fates } from './adversarial-store.ts'

const START_US = 1_800_000_000_000_000
const LANES = [0, 1, 2]

const waits = fc.oneof(fc.constant(0), fc.nat(1_000), fc.nat(300_000), fc.nat(5_000_000))
/** What each lane gets of the total: parts of ten thousand, none without any. */
const parts = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 10_000 })), { minLength: 3, maxLength: 3 })
const world = fc.record({
  scheduler: fc.scheduler(),
  fates: fc.infiniteStream(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant<Fate>('answered') },
      { weight: 1, arbitrary: fc.constantFrom(...fates) },
    ),
  ),
  total: fc.double({ min: 1, max: 5_000, noNaN: true }),
  shares: fc.array(fc.record({ parts, waitUs: waits }), { minLength: 2, maxLength: 6 }),
  senders: fc.array(
    fc.record({
      lane: fc.constantFrom(...LANES),
      steps: fc.array(fc.record({ needed: fc.integer({ min: 1, max: 100 }), waitUs: waits }), { maxLength: 8 }),
    }),
    { minLength: 2, maxLength: 8 },
  ),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

/** The dispatcher shares a rate anew again and again while senders take slots of every lane; what slots were given out. */
async function windowsIn({ scheduler, fates: stream, total, shares, senders }: World) {
  let trueUs = START_US
  const clock = { now: () => trueUs / 1000, sleep: async () => {} }
  const stores = LANES.map(() => memoryPacerStore())
  const across = stores.map(store => adversarialStore(store, scheduler, () => stream.next().value))
  const pacersOf = (of: typeof stores) => of.map(store => createPacer(store, clock))
  const windows: { readonly lane: number; readonly window: Window }[] = []
  const pause = async (waitUs: number) => {
    await scheduler.schedule(Promise.resolve(), 'wait')
    trueUs += waitUs
  }

  async function share(of: typeof stores, weights: readonly number[]) {
    const pacers = pacersOf(of)
    const whole = weights.reduce((sum, weight) => sum + weight, 0)
    const read = await Promise.all(of.map(async (store, lane) => [lane, await store.read()] as const))
    const states = new Map(read.flatMap(([lane, state]) => (state === undefined ? [] : [[lane, state] as const])))
    const rates = new Map(weights.map((weight, lane) => [lane, (total * weight) / whole]))
    await grantTogether(lane => pacers[lane] ?? expect.fail(), rates, states)
  }

  await share(stores, [1, 1, 1])
  await scheduler.waitFor(
    Promise.all([
      ...senders.map(async ({ lane, steps }) => {
        const pacer = createPacer(across[lane] ?? expect.fail(), clock)
        for (const { needed, waitUs } of steps) {
          await pause(waitUs)
          const window = await pacer.reserve(needed).catch(() => undefined)
          if (window !== undefined) windows.push({ lane, window })
        }
      }),
      (async () => {
        for (const { parts: weights, waitUs } of shares) {
          await pause(waitUs)
          await share(across, weights).catch(() => undefined)
        }
      })(),
    ]),
  )
  return windows
}

/** The most that the slots of all lanes come to at any moment, a second: each slot counts until its interval is over. */
function highestSum(windows: Awaited<ReturnType<typeof windowsIn>>): number {
  const edges = windows.flatMap(({ window: { startUs, intervalUs, slots } }) => [
    { atUs: startUs - START_US, change: 1_000_000 / intervalUs },
    { atUs: startUs - START_US + slots * intervalUs, change: -1_000_000 / intervalUs },
  ])
  // Where one window ends and another begins, the end comes first.
  edges.sort((a, b) => (Math.abs(a.atUs - b.atUs) < 1e-3 ? a.change - b.change : a.atUs - b.atUs))
  let sum = 0
  return edges.reduce((most, { change }) => {
    sum += change
    return Math.max(most, sum)
  }, 0)
}

describe('Pacers that share a rate', () => {
  it('never give out more than it all together, however it is shared anew while slots are taken', async () => {
    await fc.assert(
      fc.asyncProperty(world, async given => {
        expect(highestSum(await windowsIn(given))).toBeLessThanOrEqual(given.total * (1 + 1e-6))
      }),
      { numRuns: 1_000 },
    )
  })

  it('wait for the slots of one that lost its rate in a grant that broke off', async () => {
    const clock = { now: () => START_US / 1000, sleep: async () => {} }
    const stores = { busy: memoryPacerStore(), other: memoryPacerStore() }
    const pacers = { busy: createPacer(stores.busy, clock), other: createPacer(stores.other, clock) }
    await pacers.busy.grant(80)
    await pacers.other.grant(20)
    for (let n = 0; n < 5; n++) await pacers.busy.reserve(80)
    // The dispatcher died here, before the rest went to the other.
    await pacers.busy.grant(10)
    const read = [['busy', await stores.busy.read()] as const, ['other', await stores.other.read()] as const]
    const states = new Map(read.flatMap(([lane, state]) => (state ? [[lane, state] as const] : [])))
    await grantTogether(lane => pacers[lane], new Map([['busy', 30] as const, ['other', 70] as const]), states)
    const windows = [await pacers.other.reserve(100), await pacers.other.reserve(100), await pacers.other.reserve(100)]
    for (const { intervalUs } of windows) expect(intervalUs).toBe(50_000)
    expect(await stores.other.read()).toMatchObject({ formerUntilUs: START_US + 5_000_000 })
  })

  it('are held up by no slow lane that reaches far ahead, unless that one has just lost something', async () => {
    const clock = { now: () => START_US / 1000, sleep: async () => {} }
    const stores = { main: memoryPacerStore(), slow: memoryPacerStore() }
    const pacers = { main: createPacer(stores.main, clock), slow: createPacer(stores.slow, clock) }
    const share = async (main: number, slow: number) => {
      const read = [['main', await stores.main.read()] as const, ['slow', await stores.slow.read()] as const]
      const states = new Map(read.flatMap(([lane, state]) => (state ? [[lane, state] as const] : [])))
      await grantTogether(lane => pacers[lane], new Map([['main', main] as const, ['slow', slow] as const]), states)
    }
    await share(100, 0.5)
    for (let n = 0; n < 20; n++) await pacers.slow.reserve(1)
    await share(200, 0.5)
    expect(await pacers.main.reserve(10)).toMatchObject({ intervalUs: 5_000 })
    await share(200.4, 0.1)
    expect(await pacers.main.reserve(10)).toMatchObject({ intervalUs: 5_000 })
    expect(await stores.main.read()).toMatchObject({ formerUntilUs: START_US + 40_000_000 })
  })
})
