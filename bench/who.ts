import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createApiClient } from '../cli/api-client.ts'
import { prepareNotice, readForSending } from '../cli/send-notice.ts'
import { plain, processTerminal } from '../cli/terminal.ts'
import { systemClock } from '../functions/runtime/clock.ts'
import { exampleNotice, provideAudienceFile } from '../local/demo/demo-audience.ts'
import { startLocalStack } from '../local/stack.ts'
import { seedDeliveries } from './who/seed-deliveries.ts'

/**
 * `npm run bench:who [-- --recipients N]`: how long "who did not get it?" takes, asked with the command line of a whole local
 * stack. The audience is uploaded and indexed; the deliveries are written straight into the tables, and nothing is sent.
 */
const onlyto = fileURLToPath(new URL('../cli/onlyto.ts', import.meta.url))
const { values } = parseArgs({ options: { recipients: { type: 'string', default: '500000' } } })

const folder = await mkdtemp(path.join(tmpdir(), 'onlyto-bench-who-'))
const stack = await startLocalStack({ port: 0 })
try {
  const client = createApiClient(stack.apiUrl, globalThis.fetch)
  const audienceFile = await provideAudienceFile(Number(values.recipients))
  const notice = await readForSending(exampleNotice, audienceFile)
  const session = { client, terminal: { ...processTerminal(), note: () => {}, paint: plain }, clock: systemClock }
  const { noticeId, audience } = await timed('upload and index', () => prepareNotice(session, notice, audienceFile))
  const { batches, recipients } = audience
  await timed(`write the facts of ${recipients}`, () => seedDeliveries(stack, client, { noticeId, batches }))

  const named = path.join(folder, 'not-accepted.txt')
  await timed('who --not accepted', () => run('who', noticeId, '--not', 'accepted', '--out', named))
  await timed('who --bounced', () => run('who', noticeId, '--bounced', '--out', path.join(folder, 'bounced.txt')))
  const [address = ''] = (await readFile(named, 'utf8')).trimEnd().split('\n').at(-1)?.split(' ') ?? []
  await timed('who --address', () => run('who', noticeId, '--address', address))
  const exported = path.join(folder, 'everybody.csv')
  await timed('export', () => run('export', noticeId, '--out', exported))
  const rows = (await readFile(exported, 'utf8')).split('\n').length - 2
  console.log(`\n${((await stat(exported)).size / 1e6).toFixed(1)} MB, ${rows} rows of ${recipients} recipients`)
  process.exitCode = rows === recipients ? 0 : 1
} finally {
  await stack.close()
  await rm(folder, { recursive: true, force: true })
}

async function run(...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [onlyto, ...args, '--api', stack.apiUrl], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [status] = await once(child, 'exit')
  if (status !== 0) throw new Error(`onlyto ${args[0]} ended with status ${status}`)
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now()
  const result = await work()
  console.log(`${what.padEnd(32)}${((performance.now() - startedMs) / 1000).toFixed(1).padStart(8)} s`)
  return result
}
