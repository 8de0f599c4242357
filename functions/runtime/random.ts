import { randomBytes } from 'node:crypto'

/** Randomness as a parameter. `bytes` is cryptographically strong in production and seeded in the simulator. */
export interface Random {
  bytes(count: number): Uint8Array
}

export const systemRandom: Random = { bytes: count => randomBytes(count) }

const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz'

/** `length` characters of five random bits each, in an alphabet without look-alikes, safe in URLs, tags and S3 keys. */
export function randomId(random: Random, length: number): string {
  return Array.from(random.bytes(length), byte => BASE32.charAt(byte & 31)).join('')
}
