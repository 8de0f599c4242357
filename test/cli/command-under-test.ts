import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { runOnlyto } from '../../cli/program.ts'
import { type FakeApi, type FakeBehaviour, startFakeApi } from './fake-api.ts'
import { type ScriptedTerminal, scriptedTerminal } from './scripted-terminal.ts'

/** The `onlyto` command against a fake API of each test's own. Whoever imports this gets its hooks, and these as they are then. */
export const notice = 'examples/index-change'
export let folder: string
export let audience: string
export let api: FakeApi

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onlyto-cli-'))
  audience = join(folder, 'customers.csv')
  await writeFile(audience, `email,first_name\n${'ana@shop.example,Ana\n'.repeat(10_000)}`)
})
afterAll(() => rm(folder, { recursive: true }))

beforeEach(async () => {
  api = await startFakeApi()
})
afterEach(() => api[Symbol.asyncDispose]())

export async function onlyto(args: readonly string[], terminal: ScriptedTerminal = scriptedTerminal()) {
  const clock = { now: () => 0, sleep: () => Promise.resolve() }
  const surroundings = { terminal, clock, environment: { ONLYTO_API: api.url }, pollIntervalMs: 1 }
  const exitCode = await runOnlyto(args, surroundings)
  return { exitCode, out: terminal.printed.join('\n'), err: terminal.noted.join('\n'), asked: terminal.asked }
}

export const change = (changes: Partial<FakeBehaviour>) => Object.assign(api.behaviour, changes)
export const send = (...more: string[]) => ['send', notice, '--audience', audience, ...more]
