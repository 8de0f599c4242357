const WORDS = 4

/**
 * Which recipients came before, and in which line: a hash table with open addressing over 128-bit recipient keys, in typed
 * arrays. At most three quarters full; a million recipients take 42 MB, where a Map of strings would take 200.
 * Keys are uniformly random, so their first bits are the hash, and two recipients never share one (2^-128).
 */
export class SeenRecipients {
  #slots: number
  #keys: Uint32Array
  /** 0 marks a free slot: lines begin at 1. */
  #lines: Uint32Array
  #size = 0

  constructor(slots = 1024) {
    this.#slots = slots
    this.#keys = new Uint32Array(slots * WORDS)
    this.#lines = new Uint32Array(slots)
  }

  /** Remembers a recipient. Gives the line in which it was seen first; undefined when this is the first. */
  add(key: Buffer, line: number): number | undefined {
    if (this.#size * 4 >= this.#slots * 3) this.#grow()
    const first = this.#insert(
      key.readUInt32LE(0),
      key.readUInt32LE(4),
      key.readUInt32LE(8),
      key.readUInt32LE(12),
      line,
    )
    if (first === undefined) this.#size++
    return first
  }

  #insert(a: number, b: number, c: number, d: number, line: number): number | undefined {
    const mask = this.#slots - 1
    for (let slot = a & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS
      const taken = this.#lines[slot]
      if (taken === 0) {
        this.#keys[at] = a
        this.#keys[at + 1] = b
        this.#keys[at + 2] = c
        this.#keys[at + 3] = d
        this.#lines[slot] = line
        return undefined
      }
      const keys = this.#keys
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return taken
    }
  }

  #grow(): void {
    const [keys, lines] = [this.#keys, this.#lines]
    this.#slots *= 2
    this.#keys = new Uint32Array(this.#slots * WORDS)
    this.#lines = new Uint32Array(this.#slots)
    for (let slot = 0; slot < lines.length; slot++) {
      const line = lines[slot] ?? 0
      const at = slot * WORDS
      if (line !== 0) this.#insert(keys[at] ?? 0, keys[at + 1] ?? 0, keys[at + 2] ?? 0, keys[at + 3] ?? 0, line)
    }
  }
}
