import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { KMSClient } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { kmsAudienceKeys } from '../../../functions/recipient/kms-audience-keys.ts'
import { decodeRecipientLine } from '../../../functions/recipient/recipient-line.ts'
import { localCredentials } from '../../../local/network-guard.ts'
import { readObjects } from './collect-files.ts'
import { findLeaks, type Place, places } from './evidence.ts'
import { FormFinder } from './find-forms.ts'
import { FAILED_AT_MOST, type HardRun, RECIPIENTS, runHard } from './hard-run.ts'
import { type Dump, joinDump } from './join-dump.ts'
import { type PrivateStack, startPrivateStack } from './private-stack.ts'

const reportSchema = z.looseObject({
  state: z.string(),
  ...{ planned: z.number(), accepted: z.number(), pending: z.number(), bounced: z.number(), complained: z.number() },
})

/** Promise 7, over all that one run writes in which everything goes wrong that can. */
describe('Private: an address is at rest in the audience bucket and in transit to SES', () => {
  let world: PrivateStack
  let run: HardRun
  let exported: string
  let finder: FormFinder
  let audiences: Audiences

  beforeAll(async () => {
    world = await startPrivateStack()
    run = await runHard(world)
    exported = readFileSync(run.exportFile, 'utf8')
    audiences = await readAudiences(world)
    finder = new FormFinder(run.customers)
    await world.close()
  }, 240_000)

  afterAll(() => world?.close())

  it('was tried in a run as hard as it is meant to be', () => {
    const { evidence } = world
    expect(run.sendersKilled).toBeGreaterThan(0)
    expect(world.senderCrashes()).toBeGreaterThan(0)
    const report = reportSchema.parse(JSON.parse(run.report))
    expect(report).toMatchObject({ state: 'finished', planned: RECIPIENTS, pending: 0 })
    expect(report.accepted).toBeGreaterThan(RECIPIENTS - FAILED_AT_MOST)
    expect(Math.min(report.bounced, report.complained)).toBeGreaterThan(0)
    expect(run.leakingStatus).toMatch(/leak guard.*foreign-address/)
    expect(run.history).toContain('foreign-address')
    expect([...run.statuses].sort()).toEqual(expect.arrayContaining([400, 404, 415, 422]))
    const reasons = evidence.of('table write').filter(({ text }) => text.includes('Email address is not verified'))
    expect(reasons.length).toBeGreaterThan(0)
    expect(reasons.every(({ text }) => text.includes('[address]'))).toBe(true)
    const empty = Object.keys(places).filter(place => evidence.of(placeOf(place)).length === 0)
    expect(empty.filter(place => place !== 'dead letter')).toEqual([])
  })

  it('is not kept by keeping names from those who ask for them', () => {
    const named = new Set([...finder.find(exported)].map(({ customer }) => customer))
    expect(named.size).toBe(RECIPIENTS)
    expect(run.lookedUp).toContain('Recipient key')
    expect(run.lookedUp).toContain('not among the recipients')
  })

  it.each(Object.keys(places))('no %s names a customer, in any encoding or by a plain hash', place => {
    expect(findLeaks(world.evidence.of(placeOf(place)), finder)).toEqual([])
  })

  it('nor does anything tell what else the row of a customer says, but a preview of the first', () => {
    const values = run.values.filter(value => !value.includes('@')).map(value => ({ address: value, local: value }))
    expect(values.length).toBeGreaterThan(RECIPIENTS)
    expect(findLeaks(world.evidence.writings, new FormFinder(values))).toEqual([])
  })

  it('the tables, the queues and the bucket, with a list of addresses, do not tell whose the recipient keys are', () => {
    const { rows, secrets, uploads: _, ...kept } = audiences
    const dump = { ...kept, texts: [...written()] }
    const some = rows.slice(0, 1).map(({ address }) => address)
    const keys = new Set(rows.map(({ key }) => key))
    expect(rows.length).toBeGreaterThan(RECIPIENTS)
    expect(joinDump(dump, some, keys)).toEqual([])
    const opened = secrets.map(secret => JSON.stringify({ secret: Buffer.from(secret).toString('base64') }))
    expect(joinDump({ ...dump, texts: opened }, some, keys)).toEqual(['the secret of an audience'])
  })

  const written = () =>
    new Set(world.evidence.of('table write', 'queue message', 'API answer', 'function log').map(({ text }) => text))

  it('no digest can be made from an address: each has a seal in it that is nowhere but beside the address', () => {
    const { rows, uploads } = audiences
    const text = [...written()].join('\n')
    expect(rows.filter(({ key }) => text.includes(key)).length).toBeGreaterThan(RECIPIENTS / 2)
    expect(rows.filter(({ seal }) => text.includes(seal))).toEqual([])
    const hashes = ['md5', 'sha1', 'sha256'].flatMap(name =>
      uploads.map(file => createHash(name).update(file).digest()),
    )
    expect(hashes.length).toBeGreaterThan(20)
    expect(
      hashes.filter(hash => text.includes(hash.toString('hex')) || text.includes(hash.toString('base64'))),
    ).toEqual([])
  })
})

interface Audiences extends Omit<Dump, 'texts'> {
  /** The files as they came: their seal is yet to be. */
  readonly uploads: readonly Buffer[]
  readonly rows: readonly ReturnType<typeof decodeRecipientLine>[]
  /** As only KMS makes them. */
  readonly secrets: readonly Uint8Array[]
}

async function readAudiences({ stack, stateDirectory }: PrivateStack): Promise<Audiences> {
  const recipients = readObjects(stateDirectory, /\/recipients\.ndjson$/)
  const lines = recipients.flatMap(({ bytes }) => bytes.toString().trimEnd().split('\n'))
  const endpoint = stack.endpoints['AWS_ENDPOINT_URL_KMS'] ?? ''
  const keys = kmsAudienceKeys(new KMSClient({ endpoint, region: 'eu-west-1', credentials: localCredentials }))
  const audienceIds = recipients.map(({ key }) => key.split('/')[1] ?? '')
  return {
    audienceIds,
    objects: readObjects(stateDirectory, /./).map(({ bytes }) => bytes),
    uploads: readObjects(stateDirectory, /^uploads\//).map(({ bytes }) => bytes),
    rows: lines.map(decodeRecipientLine),
    secrets: await Promise.all(
      stack.deployment.macKeys.flatMap(keyId => audienceIds.map(audienceId => keys.secretOf(keyId, audienceId))),
    ),
  }
}

function placeOf(name: string): Place {
  const place = Object.keys(places).find((known): known is Place => known === name)
  if (place === undefined) throw new TypeError(`No place ${name}`)
  return place
}
