import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../functions/runtime/clock.ts'

export interface VirtualClock extends Clock {
  /** Runs the work to its end, moving time to the next sleeper whenever nothing else can go on. */
  drive<T>(work: Promise<T>): Promise<T>
}

/** Time that passes only when everybody sleeps. */
export function virtualClock(startMs = 1_800_000_000_000): VirtualClock {
  let nowMs = startMs
  let sleepers: { readonly wakeMs: number; readonly wake: () => void }[] = []

  function wakeNext(): boolean {
    const next = Math.min(...sleepers.map(({ wakeMs }) => wakeMs))
    if (!Number.isFinite(next)) return false
    nowMs = Math.max(nowMs, next)
    const due = sleepers.filter(({ wakeMs }) => wakeMs <= nowMs)
    sleepers = sleepers.filter(({ wakeMs }) => wakeMs > nowMs)
    for (const { wake } of due) wake()
    return true
  }

  return {
    now: () => nowMs,
    sleep: durationMs =>
      durationMs <= 0
        ? Promise.resolve()
        : new Promise(wake => sleepers.push({ wakeMs: nowMs + durationMs, wake: () => wake() })),
    drive: async work => {
      let ended = false
      const end = () => {
        ended = true
      }
      work.then(end, end)
      for (let idle = 0; !ended; ) {
        await turn()
        if (ended) break
        idle = wakeNext() ? 0 : idle + 1
        if (idle > 1000) throw new Error('The work waits for something that no sleeper brings')
      }
      return work
    },
  }
}
