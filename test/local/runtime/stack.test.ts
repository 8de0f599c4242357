import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { externalSes } from '../../../local/runtime/simulator-process.ts'
import { startLocalStack } from '../../../local/stack.ts'

const START_TIMEOUT_MS = 120_000

/** The processes that `parent` has started. */
function childrenOf(parent: number | undefined): readonly number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' }).trim().split('\n')
  const rows = table.map(line => line.trim().split(/\s+/))
  return rows.filter(([, ppid, name]) => Number(ppid) === parent && name !== 'ps').map(([pid]) => Number(pid))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test(
  'the stack serves what the template deploys, and closing it leaves nothing behind',
  async () => {
    const before = childrenOf(process.pid)
    const directory = mkdtempSync(path.join(tmpdir(), 'onlyto-stack-'))
    const problems: string[] = []
    const stack = await startLocalStack({
      port: 0,
      stateDirectory: directory,
      prewarmSenders: 2,
      onProblem: problem => problems.push(problem),
    })
    const started = childrenOf(process.pid).filter(pid => !before.includes(pid))
    const answer = await fetch(`${stack.apiUrl}/notices`)
    expect([answer.status, await answer.json()]).toEqual([200, { notices: [] }])
    expect((await fetch(`${stack.apiUrl}/elsewhere`)).status).toBe(404)
    expect(stack.functionReports().find(({ room }) => room === 'sender')?.processIds).toHaveLength(2)
    for (const url of Object.values(stack.endpoints)) expect(new URL(url).hostname).toBe('127.0.0.1')
    expect(problems).toEqual([])
    expect(started.length).toBeGreaterThan(7)

    await stack.close()
    expect(started.filter(isAlive)).toEqual([])
    expect(readdirSync(directory)).toEqual(['kms', 'logs'])
    await expect(fetch(`${stack.apiUrl}/notices`)).rejects.toThrow()
    rmSync(directory, { recursive: true })
  },
  START_TIMEOUT_MS,
)

test(
  'inputs that synth refuses stop the start, say what to pass, and leave nothing behind',
  async () => {
    const before = childrenOf(process.pid)
    const directory = mkdtempSync(path.join(tmpdir(), 'onlyto-stack-'))
    const start = startLocalStack({ port: 0, stateDirectory: directory, context: { share: '2' } })
    await expect(start).rejects.toThrow(/share cannot be "2".*above 0 and at most 1/s)
    expect(childrenOf(process.pid)).toEqual(before)
    expect(readdirSync(directory)).toEqual(['logs'])
    rmSync(directory, { recursive: true })
  },
  START_TIMEOUT_MS,
)

test(
  'a start that fails when services already run ends them',
  async () => {
    const before = childrenOf(process.pid)
    const start = startLocalStack({ port: 0, ses: { latencyMedianMs: -1 } })
    await expect(start).rejects.toThrow(/The SES simulator ended with status 2/)
    expect(childrenOf(process.pid)).toEqual(before)
  },
  START_TIMEOUT_MS,
)

test.each(['SIGINT', 'SIGKILL'] as const)(
  'no process outlives the stack after %s',
  async signal => {
    const script = path.join(import.meta.dirname, '../../../local/start.ts')
    const stack = spawn(process.execPath, [script, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: stack.stdout })) {
      if (line.includes('npx onlyto send')) break
    }
    const started = childrenOf(stack.pid)
    expect(started.length).toBeGreaterThan(7)
    stack.kill(signal)
    await once(stack, 'exit')
    await expect.poll(() => started.filter(isAlive), { timeout: 5_000 }).toEqual([])
  },
  START_TIMEOUT_MS,
)

test.each(['0', '901', '2.5', 'soon'])('a settle delay of %s is refused before anything is started', async delay => {
  const script = path.join(import.meta.dirname, '../../../local/start.ts')
  const start = promisify(execFile)(process.execPath, [script, '--port', '0', '--settle-delay', delay])
  await expect(start).rejects.toMatchObject({ stderr: expect.stringMatching(/--settle-delay.*number/), stdout: '' })
})

test('another SES is taken in the place of the simulator, if it is on this computer', () => {
  expect(externalSes({})).toBeUndefined()
  expect(externalSes({ AWS_ENDPOINT_URL_SESV2: 'http://127.0.0.1:8005' })).toBe('http://127.0.0.1:8005')
  for (const url of ['https://email.eu-west-1.amazonaws.com', 'http://192.0.2.1:8005', 'nonsense']) {
    expect(() => externalSes({ AWS_ENDPOINT_URL_SESV2: url })).toThrow(/never leaves this computer/)
  }
})
