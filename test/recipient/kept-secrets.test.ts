import { expect, it } from 'vitest'
import type { AudienceKeys } from '../../functions/recipient/audience-keys.ts'
import { keepSecrets } from '../../functions/recipient/kept-secrets.ts'
import { audienceSecretInMemory, memoryAudienceKeys } from '../memory/memory-audience-keys.ts'

/** Keys that write down who asks, and fail while `down` is set. */
function watchedKeys() {
  const asked: string[] = []
  const watched = { down: false, asked }
  const keys: AudienceKeys = {
    secretOf: async (keyId, audienceId) => {
      asked.push(`${keyId} ${audienceId}`)
      if (watched.down) throw new Error('KMS is out of reach')
      return memoryAudienceKeys().secretOf(keyId, audienceId)
    },
  }
  return { ...watched, watched, secretOf: keepSecrets(keys) }
}

const row = { address: 'ada@example.com', key: '', variables: {} }

it('a secret is asked for once, also by several at a time', async () => {
  const { secretOf, asked } = watchedKeys()
  const audience = { audienceId: 'a', keyId: 'k' }
  const [one, other] = await Promise.all([secretOf(audience), secretOf(audience)])
  expect(one).toBe(other)
  expect(one.seal(row)).toBe(audienceSecretInMemory('a', 'k').seal(row))
  expect(asked).toEqual(['k a'])
})

it('audiences and keys have secrets of their own', async () => {
  const { secretOf } = watchedKeys()
  const seals = [
    { audienceId: 'a', keyId: 'k' },
    { audienceId: 'b', keyId: 'k' },
    { audienceId: 'a', keyId: 'l' },
  ].map(async audience => (await secretOf(audience)).seal(row))
  expect(new Set(await Promise.all(seals)).size).toBe(3)
})

it('a secret that could not be had is asked for again', async () => {
  const { secretOf, watched, asked } = watchedKeys()
  watched.down = true
  await expect(secretOf({ audienceId: 'a', keyId: 'k' })).rejects.toThrow('out of reach')
  watched.down = false
  expect(await secretOf({ audienceId: 'a', keyId: 'k' })).toBeDefined()
  expect(asked).toHaveLength(2)
})

it('few secrets are kept, those last used', async () => {
  const { secretOf, asked } = watchedKeys()
  const use = (number: number) => secretOf({ audienceId: `a-${number}`, keyId: 'k' })
  for (let number = 0; number < 100; number++) {
    await use(number)
    await use(0)
  }
  expect(asked).toHaveLength(100)
  await use(50)
  expect(asked).toHaveLength(101)
})
