/** Evenly distributed in [0, 1). */
export type Uniform = () => number

/** mulberry32: the same seed gives the same run. For simulation only. */
export function seededUniform(seed: number): Uniform {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `length` hexadecimal digits. */
export function randomHex(uniform: Uniform, length: number): string {
  let hex = ''
  while (hex.length < length) {
    hex += Math.floor(uniform() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  }
  return hex.slice(0, length)
}

export function randomUuid(uniform: Uniform): string {
  const hex = randomHex(uniform, 32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
