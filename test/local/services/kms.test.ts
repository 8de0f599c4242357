import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateKeyCommand, GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { kmsAudienceKeys } from '../../../functions/recipient/kms-audience-keys.ts'
import { localCredentials } from '../../../local/network-guard.ts'
import { startKms } from '../../../local/services/kms.ts'
import type { RunningService } from '../../../local/services/loopback-server.ts'

let folder: string
let rootKeyFile: string
const closers: (() => Promise<void> | void)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onlyto-kms-'))
  rootKeyFile = join(folder, 'kms', 'root-key')
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  rmSync(folder, { recursive: true })
})

async function start(file = rootKeyFile): Promise<{ service: RunningService; client: KMSClient }> {
  const service = await startKms({ rootKeyFile: file, keyIds: ['first', 'second'] })
  const client = new KMSClient({
    endpoint: service.endpoint,
    region: 'eu-west-1',
    credentials: localCredentials,
    maxAttempts: 1,
  })
  closers.push(service.close, () => client.destroy())
  return { service, client }
}

const secretsOf = async (client: KMSClient) => {
  const keys = kmsAudienceKeys(client)
  const asked = [
    ['first', 'a-1'],
    ['first', 'a-2'],
    ['second', 'a-1'],
  ] as const
  return Promise.all(asked.map(async ([keyId, audienceId]) => Buffer.from(await keys.secretOf(keyId, audienceId))))
}
const texts = (secrets: readonly Buffer[]) => secrets.map(secret => secret.toString('hex'))

test('each audience has a secret of 32 bytes under each key, the same each time', async () => {
  const { client } = await start()
  const secrets = await secretsOf(client)
  expect(secrets.map(({ length }) => length)).toEqual([32, 32, 32])
  expect(new Set(texts(secrets)).size).toBe(3)
  expect(texts(await secretsOf(client))).toEqual(texts(secrets))
})

test('a service that starts again has the same keys, one that starts elsewhere has others', async () => {
  const before = texts(await secretsOf((await start()).client))
  expect(texts(await secretsOf((await start()).client))).toEqual(before)
  const elsewhere = texts(await secretsOf((await start(join(folder, 'other'))).client))
  expect(elsewhere.filter(secret => before.includes(secret))).toEqual([])
})

test('a key is known by its ARN too', async () => {
  const { client } = await start()
  const keys = kmsAudienceKeys(client)
  const arn = 'arn:aws:kms:eu-west-1:000000000000:key/first'
  expect(await keys.secretOf(arn, 'a-1')).toEqual(await keys.secretOf('first', 'a-1'))
})

test('whatever else is asked of it is refused by name', async () => {
  const { client } = await start()
  const mac = { KeyId: 'first', MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from('m') } as const
  const answer = (input: object) => client.send(new GenerateMacCommand({ ...mac, ...input }))
  await expect(answer({ KeyId: 'third' })).rejects.toMatchObject({ name: 'NotFoundException' })
  await expect(answer({ MacAlgorithm: 'HMAC_SHA_512' })).rejects.toMatchObject({ name: 'ValidationException' })
  await expect(answer({ Message: new Uint8Array(4097) })).rejects.toMatchObject({ name: 'ValidationException' })
  await expect(answer({ Message: new Uint8Array() })).rejects.toMatchObject({ name: 'ValidationException' })
  await expect(client.send(new CreateKeyCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' })
})

test('it listens on this computer alone, and only its owner may read the root key', async () => {
  const { service } = await start()
  expect(new URL(service.endpoint).hostname).toBe('127.0.0.1')
  expect(statSync(rootKeyFile).mode & 0o077).toBe(0)
  expect(readFileSync(rootKeyFile)).toHaveLength(32)
})

test('a root key that is none stops the start', async () => {
  writeFileSync(join(folder, 'cut'), 'short')
  await expect(start(join(folder, 'cut'))).rejects.toThrow('no key of the local KMS')
})
