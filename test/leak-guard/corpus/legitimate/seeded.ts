/** Chance that can be repeated: mulberry32. */
export class Seeded {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 up to, but not including, `below`. */
  int(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }

  chance(percent: number): boolean {
    return this.int(100) < percent
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.int(from.length)]
    if (picked === undefined) throw new Error('Nothing to pick from')
    return picked
  }

  /** Some of them, each at most once, in their order. */
  some<T>(from: readonly T[], count: number): readonly T[] {
    const left = new Set<number>()
    while (left.size < Math.min(count, from.length)) left.add(this.int(from.length))
    return from.filter((_, index) => left.has(index))
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.int(256)))
  }
}
