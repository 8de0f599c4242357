import { createHash } from 'node:crypto'
import type { Random } from '../../functions/runtime/random.ts'

/** Chance that a seed decides: the same seed gives the same numbers in the same order. */
export interface SeededRandom extends Random {
  /** At least 0 and below 1. */
  next(): number
  chance(probability: number): boolean
  /** Whole, both ends included. */
  integer(least: number, most: number): number
  between(least: number, most: number): number
  /** As often between 1 and 10 as between 10 and 100. */
  acrossScales(least: number, most: number): number
  pick<T>(items: readonly T[]): T
  /** A stream of its own: what is drawn from it changes nothing that is drawn elsewhere. */
  fork(name: string): SeededRandom
}

/** The generator is sfc32, whose state is the first half of the seed's SHA-256. */
export function seededRandom(seed: string): SeededRandom {
  const state = createHash('sha256').update(seed).digest()
  let [a, b, c, counter] = [state.readInt32LE(0), state.readInt32LE(4), state.readInt32LE(8), state.readInt32LE(12)]

  function word(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }

  const next = () => word() / 0x1_0000_0000
  const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  const between = (least: number, most: number) => least + next() * (most - least)
  return {
    next,
    integer,
    between,
    chance: probability => next() < probability,
    acrossScales: (least, most) => Math.exp(between(Math.log(least), Math.log(most))),
    pick: items => {
      const picked = items[integer(0, items.length - 1)]
      if (picked === undefined) throw new RangeError('Nothing to pick from')
      return picked
    },
    fork: name => seededRandom(`${seed}/${name}`),
    bytes: count => Uint8Array.from({ length: count }, () => word() & 255),
  }
}
