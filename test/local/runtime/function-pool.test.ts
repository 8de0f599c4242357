import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { invokeAsync } from '../../../local/runtime/async-invoke.ts'
import { bundle } from './bundle.ts'

test('a function gets its event and a Lambda context, and its answer comes back as JSON', async () => {
  await using fixture = bundle(`
    export const handler = async (event, context) => ({
      event, name: context.functionName, memory: context.memoryLimitInMB, id: typeof context.awsRequestId,
      left: context.getRemainingTimeInMillis() })`)
  const invocation = await fixture.pool.invoke({ hello: 'Zoë' })
  const answer = invocation.kind === 'returned' ? JSON.parse(invocation.payload) : invocation
  expect(answer).toMatchObject({ event: { hello: 'Zoë' }, name: 'Fixture', memory: '256', id: 'string' })
  expect(answer.left).toBeGreaterThan(9_000)
  expect(answer.left).toBeLessThanOrEqual(10_000)
  const [report] = [fixture.pool.report()]
  expect(report).toMatchObject({ invocations: 1, errors: 0, processIds: [expect.any(Number)] })
  expect(report.maxMemoryMb).toBeGreaterThan(20)
})

test('a warm environment is used again, and never by two invocations at once', async () => {
  await using fixture = bundle(
    `let running = 0, most = 0
     export const handler = async () => {
       most = Math.max(most, ++running)
       await new Promise(resolve => setTimeout(resolve, 20))
       running--
       return { pid: process.pid, most } }`,
    { maxEnvironments: 2 },
  )
  await fixture.pool.prewarm(2)
  const invocations = await Promise.all(Array.from({ length: 8 }, () => fixture.pool.invoke({})))
  const answers = invocations.map(invocation =>
    invocation.kind === 'returned' ? JSON.parse(invocation.payload) : invocation,
  )
  expect(answers.map(({ most }) => most)).toEqual(Array(8).fill(1))
  expect(new Set(answers.map(({ pid }) => pid)).size).toBe(2)
})

test('a deployment is used from then on, and lets what is under way end', async () => {
  await using fixture = bundle(`
    export const handler = async event => {
      if (event.wait) await new Promise(resolve => setTimeout(resolve, 500))
      return 'first' }`)
  await fixture.pool.prewarm(2)
  const underWay = fixture.pool.invoke({ wait: true })
  writeFileSync(path.join(fixture.directory, 'index.mjs'), `export const handler = async () => 'second'`)
  await fixture.pool.redeploy(2)
  const answers = await Promise.all(Array.from({ length: 4 }, () => fixture.pool.invoke({})))
  expect(answers).toEqual(Array(4).fill({ kind: 'returned', payload: '"second"' }))
  expect(await underWay).toEqual({ kind: 'returned', payload: '"first"' })
  expect(fixture.pool.report()).toMatchObject({ invocations: 5, errors: 0 })
})

test('a time-out kills the process, and the next invocation gets a new one', async () => {
  await using fixture = bundle(
    `export const handler = async event => event.hang ? await new Promise(resolve => setTimeout(resolve, 60_000)) : process.pid`,
    { timeoutMs: 300 },
  )
  const [before] = [await fixture.pool.invoke({})]
  const late = await fixture.pool.invoke({ hang: true })
  expect(late).toMatchObject({ kind: 'timed-out', fault: { errorType: 'Sandbox.Timedout' } })
  const after = await fixture.pool.invoke({})
  expect(after.kind).toBe('returned')
  expect(after).not.toEqual(before)
  expect(fixture.pool.report()).toMatchObject({ invocations: 3, timeouts: 1, crashes: 0, errors: 1 })
})

test('a killed process fails its invocation, and the pool starts another', async () => {
  await using fixture = bundle(`
    import { writeFileSync } from 'node:fs'
    export const handler = async event => {
      if (event.wait) { console.log('waiting'); await new Promise(resolve => setTimeout(resolve, 60_000)) }
      return process.pid }`)
  await fixture.pool.invoke({})
  const [pid] = fixture.pool.report().processIds
  const running = fixture.pool.invoke({ wait: true })
  process.kill(pid ?? 0, 'SIGKILL')
  expect(await running).toMatchObject({ kind: 'crashed', fault: { errorType: 'Runtime.Killed' } })
  expect((await fixture.pool.invoke({})).kind).toBe('returned')
  expect(fixture.pool.report()).toMatchObject({ crashes: 1 })
})

test('idle processes that were killed cost no invocation, and others take their place', async () => {
  await using fixture = bundle(`export const handler = async () => process.pid`, { maxEnvironments: 2 })
  await fixture.pool.prewarm(2)
  const killed = fixture.pool.report().processIds
  expect(killed).toHaveLength(2)
  for (const pid of killed) process.kill(pid, 'SIGKILL')
  await expect.poll(() => fixture.pool.report().processIds).toEqual([])
  const invocations = await Promise.all(Array.from({ length: 3 }, () => fixture.pool.invoke({})))
  expect(invocations.map(({ kind }) => kind)).toEqual(['returned', 'returned', 'returned'])
  expect(fixture.pool.report()).toMatchObject({ invocations: 3, errors: 0 })
})

test('a process that is killed while it loads fails its invocation at once, and those that wait go on', async () => {
  await using fixture = bundle(
    `import { existsSync } from 'node:fs'
     if (existsSync('slow')) await new Promise(resolve => setTimeout(resolve, 60_000))
     export const handler = async () => 1`,
    { maxEnvironments: 1 },
  )
  const slow = path.join(fixture.directory, 'slow')
  writeFileSync(slow, '')
  const loading = fixture.pool.invoke({})
  const waiting = fixture.pool.invoke({})
  const [pid] = fixture.pool.report().processIds
  rmSync(slow)
  process.kill(pid ?? 0, 'SIGKILL')
  expect(await loading).toMatchObject({ kind: 'crashed', fault: { errorType: 'Runtime.Killed' } })
  expect((await waiting).kind).toBe('returned')
})

test('an error is told to the caller and written to the log, not to the terminal', async () => {
  await using fixture = bundle(`export const handler = async () => { throw new RangeError('batch 7 is not there') }`)
  const invocation = await fixture.pool.invoke({})
  expect(invocation).toMatchObject({
    kind: 'threw',
    fault: { errorType: 'RangeError', errorMessage: 'batch 7 is not there' },
  })
  await fixture.pool.close()
  expect(readFileSync(path.join(fixture.directory, 'fixture.log'), 'utf8')).toContain('batch 7 is not there')
})

test('a bundle that does not load fails the prewarming, with its reason', async () => {
  await using fixture = bundle(`throw new Error('NOTICES_TABLE: Required')`)
  await expect(fixture.pool.prewarm(1)).rejects.toThrow(/Fixture does not load: NOTICES_TABLE: Required/)
  expect(await fixture.pool.invoke({})).toMatchObject({ kind: 'crashed' })
})

test('a handler that the bundle lacks is named', async () => {
  await using fixture = bundle(`export const run = async () => 1`)
  expect(await fixture.pool.invoke({})).toMatchObject({
    kind: 'crashed',
    fault: { errorMessage: expect.stringContaining('handler') },
  })
})

test('a function cannot reach beyond this computer', async () => {
  await using fixture = bundle(`
    import net from 'node:net'
    export const handler = () => new Promise(resolve =>
      net.connect(443, '192.0.2.1').on('error', error => resolve(error.code)).on('connect', () => resolve('connected')))`)
  expect(await fixture.pool.invoke({})).toMatchObject({ kind: 'returned', payload: '"ERR_OUTSIDE_THIS_COMPUTER"' })
})

test('embedded metrics are summed, ordinary lines and broken ones are not', async () => {
  await using fixture = bundle(`
    const emf = { _aws: { Timestamp: 1, CloudWatchMetrics: [{ Namespace: 'OnlyTo', Dimensions: [[]],
      Metrics: [{ Name: 'MessagesAccepted' }, { Name: 'SlotWaitMs' }] }] } }
    export const handler = async () => {
      console.log(JSON.stringify({ ...emf, MessagesAccepted: 100, SlotWaitMs: [3, 4.5] }))
      console.log('{"_aws": broken')
      console.log(JSON.stringify({ level: 'INFO' })) }`)
  await fixture.pool.invoke({})
  await fixture.pool.invoke({})
  await fixture.pool.close()
  expect(fixture.metrics.read()).toEqual([
    { namespace: 'OnlyTo', name: 'MessagesAccepted', sum: 200, maximum: 100, samples: 2 },
    { namespace: 'OnlyTo', name: 'SlotWaitMs', sum: 15, maximum: 4.5, samples: 4 },
  ])
})

test('an asynchronous invocation is repeated as often as the function says, then given up', async () => {
  await using fixture = bundle(
    `let calls = 0
     export const handler = async event => { if (++calls < event.succeedAt) throw new Error('not yet'); return calls }`,
    { asyncRetries: 2, maxEnvironments: 1 },
  )
  const slept: number[] = []
  const sleep = async (durationMs: number) => void slept.push(durationMs)
  expect(await invokeAsync(fixture.pool, { succeedAt: 3 }, sleep)).toEqual({ kind: 'returned', payload: '3' })
  expect(slept).toHaveLength(2)
  expect(await invokeAsync(fixture.pool, { succeedAt: 9 }, sleep)).toMatchObject({ kind: 'threw' })
  expect(fixture.pool.report().invocations).toBe(6)
})

test('closing leaves no process behind, and a waiting invocation ends', async () => {
  await using fixture = bundle(`export const handler = () => new Promise(resolve => setTimeout(resolve, 60_000))`, {
    maxEnvironments: 1,
  })
  const running = fixture.pool.invoke({})
  const waiting = fixture.pool.invoke({})
  const { processIds } = fixture.pool.report()
  await fixture.pool.close()
  expect((await running).kind).toBe('crashed')
  expect((await waiting).kind).toBe('crashed')
  for (const pid of processIds) expect(() => process.kill(pid, 0)).toThrow()
})
