import type { SeededRandom } from './seeded-random.ts'

/** What happens at a moment of virtual time. Returns false when it has woken nobody, so that there is nothing to wait for. */
export type Happening = () => boolean | undefined

/**
 * Virtual time. It moves to the next happening only when nothing else can run, and what happens at the same moment comes in
 * an order that the seed decides.
 */
export interface Scheduler {
  now(): number
  at(timeMs: number, happening: Happening): void
  after(delayMs: number, happening: Happening): void
  /** Lets time pass until `done`, or until there is nothing more to happen, or until a moment at the latest. */
  run(done: () => boolean, latestMs: number): Promise<'done' | 'nothing-left' | 'too-late'>
  /** What has happened so far: a count. */
  happened(): number
}

interface Entry {
  readonly timeMs: number
  readonly tie: number
  readonly happening: Happening
}

export const START_MS = Date.parse('2027-01-15T08:00:00Z')

/**
 * All that simulated code waits for are promises that a happening resolves; so after one turn of the event loop, which ends
 * only when no microtask is left, nothing else can run.
 */
export function createScheduler(random: SeededRandom): Scheduler {
  const heap: Entry[] = []
  let nowMs = START_MS
  let happened = 0

  const scheduler: Scheduler = {
    now: () => nowMs,
    at: (timeMs, happening) => push(heap, { timeMs: Math.max(timeMs, nowMs), tie: random.next(), happening }),
    after: (delayMs, happening) => scheduler.at(nowMs + delayMs, happening),
    happened: () => happened,
    run: (done, latestMs) =>
      new Promise((resolve, reject) => {
        const go = () => {
          try {
            for (;;) {
              if (done()) return resolve('done')
              const [next] = heap
              if (next === undefined) return resolve('nothing-left')
              if (next.timeMs > latestMs) return resolve('too-late')
              pop(heap)
              nowMs = next.timeMs
              happened++
              if (next.happening() !== false) return void setImmediate(go)
            }
          } catch (error) {
            reject(error)
          }
        }
        setImmediate(go)
      }),
  }
  return scheduler
}

const before = (a: Entry, b: Entry) => a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.tie < b.tie)

function push(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = heap[parent]
    if (above === undefined || !before(entry, above)) break
    heap[at] = above
    at = parent
  }
  heap[at] = entry
}

/** Takes the first entry out of a heap that is not empty. */
function pop(heap: Entry[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let at = 0
  for (;;) {
    const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
    const [child, below] = right !== undefined && left !== undefined && before(right, left) ? [2, right] : [1, left]
    if (below === undefined || !before(below, last)) break
    heap[at] = below
    at = 2 * at + child
  }
  heap[at] = last
}
