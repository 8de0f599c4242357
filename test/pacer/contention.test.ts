import { describe, expect, it } from 'vitest'
import { grantRate } from '../../functions/pacer/gcra.ts'
import { createPacer } from '../../functions/pacer/pacer.ts'
import type { PacerStore } from '../../functions/pacer/pacer-store.ts'
import { memoryPacerStore } from '../memory/memory-pacer-store.ts'
import { virtualClock } from '../memory/virtual-clock.ts'
import { seededRandom } from '../simulation/seeded-random.ts'

const SENDERS = 50
const WINDOW = 100

/** Fifty senders on a table that takes 2 to 10 ms each way; what they wrote and read, and how much of it in vain. */
function crowd(ratePerSecond: number) {
  const clock = virtualClock()
  const random = seededRandom('crowd')
  const store = memoryPacerStore()
  const count = { windows: 0, reads: 0, writes: 0, failed: 0 }
  const across = async <T>(kind: 'reads' | 'writes', call: () => Promise<T>): Promise<T> => {
    await clock.sleep(random.between(2, 10))
    const answer = await call()
    count[kind]++
    if (kind === 'writes' && !answer) count.failed++
    await clock.sleep(random.between(2, 10))
    return answer
  }
  const remote: PacerStore = {
    read: () => across('reads', () => store.read()),
    extend: (...given) => across('writes', () => store.extend(...given)),
    replace: (...given) => across('writes', () => store.replace(...given)),
    repace: (...given) => across('writes', () => store.repace(...given)),
  }
  const pacers = Array.from({ length: SENDERS }, () => createPacer(remote, clock))
  const dispatcher = createPacer(remote, clock)

  /** Each sender takes window after window until then. */
  async function send(untilMs: number) {
    await Promise.all(
      pacers.map(async pacer => {
        while (clock.now() < untilMs) {
          const { startUs, slots, intervalUs } = await pacer.reserve(WINDOW)
          count.windows++
          await clock.sleep((startUs + slots * intervalUs) / 1000 - clock.now())
        }
      }),
    )
  }

  async function counted(work: () => Promise<unknown>) {
    Object.assign(count, { windows: 0, reads: 0, writes: 0, failed: 0 })
    await clock.drive(work())
    return { ...count }
  }

  const begin = () => store.replace(undefined, grantRate(undefined, ratePerSecond, clock.now() * 1000))
  return { clock, pacers, dispatcher, send, counted, begin }
}

describe('Fifty senders at 10,000 a second', () => {
  it('fail twice each at most when an idle pacer becomes busy, and never while it stays so', async () => {
    const { clock, begin, counted, send } = crowd(10_000)
    await begin()
    const cold = await counted(() => send(clock.now() + 1))
    expect(cold.windows).toBe(SENDERS)
    expect(cold.failed).toBeLessThanOrEqual(2 * SENDERS)
    await clock.drive(clock.sleep(60_000))
    const warm = await counted(() => send(clock.now() + 1))
    expect(warm.failed).toBeLessThanOrEqual(2 * SENDERS)
    const busy = await counted(() => send(clock.now() + 5_000))
    expect(busy.windows).toBeGreaterThan(450)
    expect(busy).toMatchObject({ reads: 0, failed: 0, writes: busy.windows })
  })

  it('fail twice each at most for a throttle or a grant, and not while the pace recovers', async () => {
    const { clock, begin, counted, send, pacers, dispatcher } = crowd(10_000)
    await begin()
    const changed = await counted(async () => {
      const sending = send(clock.now() + 40_000)
      await clock.sleep(3_000)
      await Promise.all(pacers.map(pacer => pacer.throttled()))
      await clock.sleep(10_000)
      await Promise.all(pacers.map(pacer => pacer.throttled()))
      await clock.sleep(10_000)
      await dispatcher.grant(9_000)
      return sending
    })
    // The cold start, two throttles that all see at once, and a grant.
    expect(changed.failed).toBeLessThanOrEqual(4 * 2 * SENDERS)
    expect(changed.reads).toBeLessThanOrEqual(4 * 3 * SENDERS)
    expect(changed.windows).toBeGreaterThan(3_000)
  })
})
