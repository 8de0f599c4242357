const SEGMENTS = 256
/** Three words of the key, and the line. */
const SLOT_WORDS = 4
const SLOTS_AT_FIRST = 16

/** Slots of one segment; line 0 marks a free one, as lines begin at 1. */
interface Segment {
  words: Uint32Array
  size: number
}

/**
 * Which recipients came before, and in which line: hash tables with open addressing in typed arrays, at most three quarters
 * full. A million recipients take 34 MB, where a Map of strings would take 200. There are many small tables, chosen by the
 * first byte of the key, as doubling one large one would need half as much again for a moment.
 *
 * Keys are uniformly random, so they are their own hashes, and 104 of their bits are enough to tell recipients apart: that
 * two of ten million are taken for one has a probability of 10^-18.
 */
export class SeenRecipients {
  readonly #segments: readonly Segment[] = Array.from({ length: SEGMENTS }, () => emptySegment(SLOTS_AT_FIRST))

  /** Remembers a recipient. Gives the line in which it was seen first; undefined when this is the first. */
  add(key: Buffer, line: number): number | undefined {
    const segment = this.#segments[key.readUInt8(0)] ?? emptySegment(0)
    if (segment.size * SLOT_WORDS * 4 >= segment.words.length * 3) grow(segment)
    return insert(segment, key.readUInt32LE(4), key.readUInt32LE(8), key.readUInt32LE(12), line)
  }
}

function emptySegment(slots: number): Segment {
  return { words: new Uint32Array(slots * SLOT_WORDS), size: 0 }
}

function insert(segment: Segment, a: number, b: number, c: number, line: number): number | undefined {
  const { words } = segment
  const last = words.length - 1
  for (let at = (a * SLOT_WORDS) & last; ; at = (at + SLOT_WORDS) & last) {
    const taken = words[at + 3]
    if (taken === 0) {
      words[at] = a
      words[at + 1] = b
      words[at + 2] = c
      words[at + 3] = line
      segment.size++
      return undefined
    }
    if (words[at] === a && words[at + 1] === b && words[at + 2] === c) return taken
  }
}

function grow(segment: Segment): void {
  const { words } = segment
  Object.assign(segment, emptySegment((words.length / SLOT_WORDS) * 2))
  for (let at = 0; at < words.length; at += SLOT_WORDS) {
    const line = words[at + 3] ?? 0
    if (line !== 0) insert(segment, words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, line)
  }
}
