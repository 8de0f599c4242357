import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { systemClock } from '../../functions/runtime/clock.ts'
import type { LocalStack } from '../../local/stack.ts'
import { type Judgement, judge } from '../live/judgement.ts'
import { awaitFinish, gatherEvidence, type LiveNotice, prepareLiveNotice, startLiveStack } from '../live/live-notice.ts'
import { simulatedSes } from '../live/simulated-ses.ts'
import type { Killed } from './killer.ts'
import { killUntil } from './killer.ts'
import type { KillOptions } from './options.ts'
import { killSchedule } from './schedule.ts'

export interface KillRun extends Judgement {
  readonly seed: number
  readonly messages: number
  /** Senders that were killed one at a time. */
  readonly sendersKilled: number
  /** Processes that were killed at the same moment. */
  readonly allKilled: number
  /** From the start of the notice. */
  readonly lastAcceptanceSeconds: number
  /** Undefined when the notice did not finish by itself. */
  readonly finishedSeconds: number | undefined
  readonly throttles: number
}

/** One notice, under kills, on a stack of its own. Of a run that breaks a promise the logs are kept. */
export async function runUnderKills(
  seed: number,
  options: KillOptions,
  audienceFile: string,
  stateDirectory: string,
): Promise<KillRun> {
  const { rate, settleDelay } = options
  await using stack = await startLiveStack({ rate, settleDelaySeconds: settleDelay, seed, stateDirectory })
  const notice = await prepareLiveNotice(stack, audienceFile)
  const { run, killed } = await sendUnderKills(stack, notice, seed, options)
  if (run.faults.length === 0) await rm(stateDirectory, { recursive: true, force: true })
  else await writeFile(path.join(stateDirectory, 'run.json'), JSON.stringify({ ...run, killed }, undefined, 2))
  return run
}

async function sendUnderKills(
  stack: LocalStack,
  notice: LiveNotice,
  seed: number,
  { rate, recipients, killFor, limit }: KillOptions,
): Promise<{ run: KillRun; killed: readonly Killed[] }> {
  await notice.client.start(notice.noticeId)
  const startedAtMs = systemClock.now()
  const end = new AbortController()
  const killForMs = killFor === undefined ? Number.POSITIVE_INFINITY : killFor * 1000
  const schedule = killSchedule(seed, (recipients / rate) * 1000, killForMs)
  const killing = killUntil(stack, schedule, { startedAtMs, signal: end.signal })
  const finishedAtMs = await awaitFinish(notice, limit * 1000)
  end.abort()
  const killed = await killing
  const evidence = await gatherEvidence(stack, notice)
  const judgement = judge(evidence)
  const acceptances = await simulatedSes(stack.sesUrl).acceptances()
  const seconds = (atMs: number) => (atMs - startedAtMs) / 1000
  const run: KillRun = {
    ...judgement,
    seed,
    messages: acceptances.length,
    sendersKilled: killed.filter(({ victim }) => victim === 'sender').length,
    allKilled: killed.filter(({ victim }) => victim === 'everything').length,
    lastAcceptanceSeconds: seconds(acceptances.reduce((last, { atMs }) => Math.max(last, atMs), startedAtMs)),
    finishedSeconds: finishedAtMs === undefined ? undefined : seconds(finishedAtMs),
    throttles: evidence.simulator.throttled,
  }
  return { run, killed }
}
