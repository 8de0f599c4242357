import { createHash, createHmac, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeRecipientKey, openAudienceSecret } from '../../../functions/recipient/audience-secret.ts'
import { customer } from './customers.ts'
import { joinDump } from './join-dump.ts'

const addresses = [customer(1).address, customer(2).address]
const audienceIds = ['a-3f8k2mq70c9d1vwx']
const secret = randomBytes(32)
const around = (text: string) => JSON.stringify({ pk: { S: 'NOTICE#n-20261120-3f8k2mq7' }, secret: { S: text } })
const dumpOf = (texts: readonly string[], objects: readonly Uint8Array[] = []) => ({ texts, objects, audienceIds })
const keyed = (hash: (address: string) => Buffer) =>
  new Set(addresses.map(a => encodeRecipientKey(hash(a).subarray(0, 16))))
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const sha256 = (text: string) => createHash('sha256').update(text).digest()

describe('A dump is joined with the addresses where it holds what it must not', () => {
  const own = keyed(openAudienceSecret(secret).hashKey)
  const stackKey = openAudienceSecret(hmac(secret, `onlyto audience ${audienceIds[0]}`))
  it.each([
    ['keys that are a plain hash', dumpOf([]), keyed(sha256)],
    ['keys that are a hash salted with an id', dumpOf([around('x')]), keyed(a => sha256(`n-20261120-3f8k2mq7${a}`))],
    ['a secret for an HMAC, in hex', dumpOf([around(secret.toString('hex'))]), keyed(a => hmac(secret, a))],
    ['a secret for an HMAC, as a text', dumpOf([around('correct-horse')]), keyed(a => hmac('correct-horse', a))],
    ['the secret of the audience, in base64', dumpOf([around(secret.toString('base64'))]), own],
    ['the secret of the audience, in base64url', dumpOf([around(secret.toString('base64url'))]), own],
    ['the secret of the audience, as an object of the bucket', dumpOf([], [secret]), own],
    ["the stack's key", dumpOf([around(secret.toString('base64'))]), keyed(stackKey.hashKey)],
  ])('%s', (_, dump, keys) => {
    expect(joinDump(dump, addresses, keys)).not.toEqual([])
  })
})

it('A dump without it is not joined', () => {
  const texts = Array.from({ length: 200 }, () => around(randomBytes(32).toString('base64')))
  const keys = keyed(openAudienceSecret(secret).hashKey)
  expect(joinDump(dumpOf([...texts, ...keys].map(String), [randomBytes(32)]), addresses, keys)).toEqual([])
})
