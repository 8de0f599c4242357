import type fc from 'fast-check'
import type { PacerStore } from '../../functions/pacer/pacer-store.ts'

/** What becomes of a call: its answer comes; the SDK repeats it; it was done but the answer is lost; it never arrives. */
export const fates = ['answered', 'repeated', 'answer-lost', 'never-done'] as const
export type Fate = (typeof fates)[number]

/** The store as a sender has it across a network: served whenever the scheduler likes, answered whenever it likes, if at all. */
export function adversarialStore(store: PacerStore, scheduler: fc.Scheduler, nextFate: () => Fate): PacerStore {
  async function across<T>(name: string, call: () => Promise<T>): Promise<T> {
    const fate = nextFate()
    await scheduler.schedule(Promise.resolve(), `${name} arrives`)
    if (fate === 'never-done') throw new Error('the network is down')
    let answer = await call()
    await scheduler.schedule(Promise.resolve(), `${name} answered`)
    if (fate === 'answer-lost') throw new Error('the answer is lost')
    if (fate === 'repeated') answer = await call()
    return answer
  }
  return {
    read: () => across('read', () => store.read()),
    extend: (...given) => across('extend', () => store.extend(...given)),
    replace: (...given) => across('replace', () => store.replace(...given)),
    repace: (...given) => across('repace', () => store.repace(...given)),
  }
}
