import * as z from 'zod'
import { systemClock } from '../../functions/runtime/clock.ts'
import type { LocalStack } from '../../local/stack.ts'
import type { LiveNotice } from '../live/live-notice.ts'
import { simulatedSes } from '../live/simulated-ses.ts'
import type { Disturbances } from './disturbance.ts'
import type { StopPlan } from './plans.ts'

export interface MeasuredStop extends StopPlan {
  /** How long the API took to answer. */
  readonly answeredInMs: number
  /** Calls of SES in the second before the stop was asked for: what there was to stop. */
  readonly callsBefore: number
  /** Calls of SES that came in after the answer, accepted or not. */
  readonly callsAfter: number
  readonly acceptedAfter: number
  /** The answer's own bound on acceptances after it. */
  readonly messagesAtMost: number
  /** From the answer to the last of them; 0 when there was none. */
  readonly lastCallAfterMs: number
  /** What OnlyTo's own report says of the stop, as it says it. */
  readonly reported: unknown
}

/** Calls are counted this long after the answer, and longer where the tables are slow. */
const WATCHED_MS = 2_500
/** What disturbs a run begins this long before its stop. */
const DISTURBED_MS = 1_000

/** Lets a run begin, stops it as planned, and watches what still reaches SES. Undefined when the notice finished before. */
export async function measureStop(
  stack: LocalStack,
  notice: LiveNotice,
  plan: StopPlan,
  { begin, disturb }: { begin: () => Promise<unknown>; disturb: Disturbances },
): Promise<MeasuredStop | undefined> {
  const { client, noticeId } = notice
  await disturb.before(plan)
  await begin()
  const beganAtMs = systemClock.now()
  await systemClock.sleep(plan.intoRunMs - DISTURBED_MS)
  await disturb.during(plan)
  await systemClock.sleep(beganAtMs + plan.intoRunMs - systemClock.now())
  const askedAtMs = systemClock.now()
  const answer = await client.stop(noticeId).catch(() => undefined)
  if (answer === undefined) {
    await disturb.end()
    if ((await client.readStatus(noticeId)).state === 'finished') return undefined
    throw new Error('The notice could not be stopped')
  }
  const answeredAtMs = systemClock.now()
  await systemClock.sleep(WATCHED_MS + 2 * (plan.tableDelay.beforeMs + plan.tableDelay.afterMs))
  const arrivals = await simulatedSes(stack.sesUrl).arrivals()
  await disturb.end()
  const after = arrivals.filter(({ atMs }) => atMs > answeredAtMs)
  return {
    ...plan,
    answeredInMs: Math.round(answeredAtMs - askedAtMs),
    callsBefore: arrivals.filter(({ atMs }) => atMs > askedAtMs - 1_000 && atMs <= askedAtMs).length,
    callsAfter: after.length,
    acceptedAfter: after.filter(({ accepted }) => accepted).length,
    messagesAtMost: answer.messagesAtMost,
    lastCallAfterMs: Math.ceil(after.reduce((last, { atMs }) => Math.max(last, atMs - answeredAtMs), 0)),
    reported: await reportedStop(stack, noticeId),
  }
}

const reportWithStop = z.object({ stop: z.unknown().optional() })

async function reportedStop({ apiUrl }: LocalStack, noticeId: string): Promise<unknown> {
  const response = await fetch(`${apiUrl}/notices/${noticeId}/report`)
  return reportWithStop.safeParse(await response.json()).data?.stop
}
