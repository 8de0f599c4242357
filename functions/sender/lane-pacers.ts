import { hasNoSlot, type Pacer, type PacerOfLane } from '../pacer/pacer.ts'
import type { Metrics } from '../runtime/metrics.ts'

/** Makes the pacer of a lane when it is first asked for, and keeps it: it remembers what it last saw of its item. */
export function keepPacers(create: PacerOfLane): PacerOfLane {
  const pacers = new Map<string | undefined, Pacer>()
  return lane => {
    const pacer = pacers.get(lane) ?? create(lane)
    pacers.set(lane, pacer)
    return pacer
  }
}

/** The same pacer, of which it is counted when it cannot be reached: a batch without it sends nothing, and comes again. */
export function meteredPacer(pacer: Pacer, metrics: Pick<Metrics, 'count'>): Pacer {
  const counting = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call
    } catch (error) {
      if (!hasNoSlot(error)) metrics.count('PacerFailures', 1)
      throw error
    }
  }
  return {
    ...pacer,
    reserve: needed => counting(pacer.reserve(needed)),
    throttled: () => counting(pacer.throttled()),
  }
}

/** The pacer of a batch. A throttle is about the rate of the account, so that of a lane slows the main lane as well. */
export function pacerOfBatch(pacerOf: PacerOfLane, lane: string | undefined): Pacer {
  const [main, own] = [pacerOf(undefined), pacerOf(lane)]
  if (lane === undefined) return main
  return { ...own, throttled: async () => void (await Promise.all([own.throttled(), main.throttled()])) }
}
