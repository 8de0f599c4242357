import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chosen, KILL_SPAN_MS, type Kill, killSchedule } from '../../bench/kill/schedule.ts'

const seeds = fc.integer({ min: 1, max: 100_000 })
const first = (count: number, seed: number, sendingMs: number): readonly Kill[] =>
  killSchedule(seed, sendingMs).take(count).toArray()

test('in each two seconds one sender dies, and everything once while the notice is being sent', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1_000, max: 100_000 }), (seed, sendingMs) => {
      const kills = first(Math.ceil(sendingMs / KILL_SPAN_MS) + 3, seed, sendingMs)
      const senders = kills.filter(({ victim }) => victim === 'sender')
      expect(senders.map(({ atMs }) => Math.floor(atMs / KILL_SPAN_MS))).toEqual([...senders.keys()])
      const everything = kills.filter(({ victim }) => victim === 'everything')
      expect(everything).toHaveLength(1)
      expect(everything[0]?.atMs).toBeLessThan(sendingMs)
      const times = kills.map(({ atMs }) => atMs)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }),
  )
})

test('kills end when they are to, the great kill among them', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 4_000, max: 100_000 }), (seed, sendingMs) => {
      const kills = killSchedule(seed, sendingMs, sendingMs).toArray()
      expect(kills.filter(({ victim }) => victim === 'everything')).toHaveLength(1)
      expect(kills.filter(({ victim }) => victim === 'sender')).toHaveLength(Math.ceil(sendingMs / KILL_SPAN_MS))
    }),
  )
})

test('a seed repeats its run, and another seed is another run', () => {
  fc.assert(
    fc.property(seeds, seed => {
      expect(first(20, seed, 40_000)).toEqual(first(20, seed, 40_000))
      expect(first(20, seed, 40_000)).not.toEqual(first(20, seed + 1, 40_000))
    }),
  )
})

test('over many seeds the moment of the great kill and the victims lie everywhere', () => {
  const runs = Array.from({ length: 200 }, (_, seed) => first(25, seed, 40_000))
  const moments = runs.flatMap(kills => kills.flatMap(({ victim, atMs }) => (victim === 'everything' ? [atMs] : [])))
  const victims = runs.flatMap(kills =>
    kills.flatMap(kill => (kill.victim === 'sender' ? [chosen([41, 42, 43, 44], kill.draw)] : [])),
  )
  for (const quarter of [0, 1, 2, 3]) {
    expect(moments.filter(atMs => Math.floor(atMs / 10_000) === quarter).length).toBeGreaterThan(20)
    expect(victims.filter(victim => victim === 41 + quarter).length).toBeGreaterThan(victims.length / 6)
  }
})

test('who is chosen depends on the processes and the draw, not on the order of the list', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(), { minLength: 1 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (ids, draw) => {
        expect(ids).toContain(chosen(ids, draw))
        expect(chosen(ids.toReversed(), draw)).toBe(chosen(ids, draw))
      },
    ),
  )
  expect(chosen([], 0.5)).toBeUndefined()
})
