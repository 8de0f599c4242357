import { describe, expect, it } from 'vitest'
import { createPacer } from '../../functions/pacer/pacer.ts'
import { memoryPacerStore } from '../memory/memory-pacer-store.ts'

const START_MS = 1_800_000_000_000

function pacerAt(start = START_MS) {
  let nowMs = start
  const store = memoryPacerStore()
  const clock = { now: () => nowMs, sleep: async () => {} }
  const wait = (ms: number) => {
    nowMs += ms
  }
  return { store, wait, now: () => nowMs, create: () => createPacer(store, clock) }
}

describe('A pacer whose slots lie far ahead', () => {
  it('gives none out while it is as good as closed, so that none is left of that when its rate is back', async () => {
    const { store, wait, now, create } = pacerAt()
    const pacer = create()
    await pacer.grant(0.001)
    const closed = await store.read()
    for (let second = 0; second < 5; second++) {
      await expect(pacer.reserve(3)).rejects.toMatchObject({ code: 'pacer-far-ahead' })
      wait(1_000)
    }
    expect(await store.read()).toEqual(closed)
    await pacer.grant(5)
    const { startUs } = await pacer.reserve(3)
    expect(startUs / 1000 - now()).toBeLessThanOrEqual(200)
  })

  it('gives a lane of the lowest ceiling its slots one by one, and lets nobody wait for the one after', async () => {
    const { wait, create } = pacerAt()
    const pacer = create()
    await pacer.grant(0.01)
    const starts: number[] = []
    for (let minute = 0; minute < 20; minute += 0.25) {
      await pacer.reserve(5).then(
        ({ startUs }) => starts.push(startUs / 1000 - START_MS),
        () => {},
      )
      wait(15_000)
    }
    expect(starts).toEqual(Array.from({ length: 13 }, (_, n) => n * 100_000))
  })

  it('lets senders at the rate of a sandbox wait for two minutes of slots, and no more', async () => {
    const { create } = pacerAt()
    await create().grant(1)
    for (let sender = 0; sender < 120; sender++) {
      expect(await create().reserve(100)).toMatchObject({ startUs: (START_MS + sender * 1_000) * 1000, slots: 1 })
    }
    await expect(create().reserve(100)).rejects.toMatchObject({ code: 'pacer-far-ahead' })
  })
})
