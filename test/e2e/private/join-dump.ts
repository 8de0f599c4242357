import { createHash, createHmac } from 'node:crypto'
import {
  AUDIENCE_SECRET_BYTES,
  encodeRecipientKey,
  openAudienceSecret,
  RECIPIENT_KEY_BYTES,
} from '../../../functions/recipient/audience-secret.ts'

/** What somebody has who got hold of the tables, the queues or objects of the bucket, and knows this code. */
export interface Dump {
  readonly texts: readonly string[]
  readonly objects: readonly Uint8Array[]
  readonly audienceIds: readonly string[]
}

const HASHES = ['md5', 'sha1', 'sha256', 'sha512'] as const
/** Shorter words are no secrets; they are tried as salts all the same, as ids are. */
const WORD = /[A-Za-z0-9+/=_-]{6,}/g
const SECRET_OBJECT_BYTES_MAX = 4_096

/**
 * Tries to find out whose the recipient keys are: whatever stands in the dump is taken for a secret, a salt or one of the
 * stack's keys, in every encoding that fits, and the addresses are hashed under it. Gives the ways that led to a key.
 */
export function joinDump(dump: Dump, addresses: readonly string[], keys: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>()
  const tell = (hash: Buffer, how: string) => {
    if (keys.has(encodeRecipientKey(hash.subarray(0, RECIPIENT_KEY_BYTES)))) found.add(how)
  }
  for (const candidate of [Buffer.alloc(0), ...candidatesIn(dump)]) {
    for (const address of addresses) tryHashes(candidate, address, tell)
    for (const [secret, how] of secretsFrom(candidate, dump.audienceIds)) {
      const { hashKey } = openAudienceSecret(secret)
      for (const address of addresses) tell(hashKey(address), how)
    }
  }
  return [...found]
}

function tryHashes(candidate: Buffer, address: string, tell: (hash: Buffer, how: string) => void): void {
  for (const name of HASHES) {
    const hash = (text: string | Buffer, ...rest: readonly (string | Buffer)[]) =>
      rest
        .reduce<ReturnType<typeof createHash>>((sum, part) => sum.update(part), createHash(name).update(text))
        .digest()
    tell(hash(candidate, address), `${name} of a text before the address`)
    tell(hash(address, candidate), `${name} of a text after the address`)
    tell(hash(candidate, ':', address), `${name} of a text and the address, with a colon`)
    tell(createHmac(name, candidate).update(address).digest(), `HMAC with ${name} under a text`)
  }
}

/** The candidate as the secret of an audience, or as the key from which the stack makes them. */
function* secretsFrom(candidate: Buffer, audienceIds: readonly string[]): Generator<readonly [Buffer, string]> {
  if (candidate.length === AUDIENCE_SECRET_BYTES) yield [candidate, 'the secret of an audience']
  if (candidate.length < AUDIENCE_SECRET_BYTES) return
  for (const audienceId of audienceIds) {
    const mac = createHmac('sha256', candidate).update(`onlyto audience ${audienceId}`).digest()
    yield [mac, "the stack's key"]
  }
}

function candidatesIn({ texts, objects }: Dump): Iterable<Buffer> {
  const candidates = new Map<string, Buffer>()
  const add = (bytes: Buffer) => candidates.set(bytes.toString('latin1'), bytes)
  for (const bytes of objects) if (bytes.length <= SECRET_OBJECT_BYTES_MAX) add(Buffer.from(bytes))
  const words = new Set([...texts, ...objects.map(bytes => Buffer.from(bytes).toString())].flatMap(wordsOf))
  for (const word of words) {
    add(Buffer.from(word))
    if (/^(?:[0-9a-f]{2}){8,}$/i.test(word)) add(Buffer.from(word, 'hex'))
    if (word.length >= 16) add(Buffer.from(word, 'base64'))
  }
  return candidates.values()
}

const wordsOf = (text: string): readonly string[] => text.match(WORD) ?? []
