import type { LocalStack } from '../../local/stack.ts'
import { type Judgement, judge } from '../live/judgement.ts'
import { awaitFinish, gatherEvidence, type LiveNotice, prepareLiveNotice } from '../live/live-notice.ts'
import { simulatedSes } from '../live/simulated-ses.ts'
import { disturbances } from './disturbance.ts'
import { type MeasuredStop, measureStop } from './measure-stop.ts'
import type { StopOptions } from './options.ts'
import type { StopPlan } from './plans.ts'

/** What is seen, in its order: each stop, and the end of each notice. */
export type Seen =
  | { readonly kind: 'stop'; readonly stop: MeasuredStop }
  | { readonly kind: 'end'; readonly messages: number; readonly judgement: Judgement }

/** What still goes out while a stop takes hold, in seconds at full rate. */
const MARGIN_SECONDS = 2

/** Stops one notice after the other, each as often as it has recipients left, until all stops are made; then lets it finish. */
export async function* stopNotices(
  stack: LocalStack,
  plans: Iterator<StopPlan, never>,
  { runs, recipients, rate, limit }: StopOptions,
  audienceFile: string,
): AsyncGenerator<Seen> {
  const ses = simulatedSes(stack.sesUrl)
  const disturb = disturbances(stack, rate)
  let stops = 0
  while (stops < runs) {
    await ses.forget()
    const notice = await prepareLiveNotice(stack, audienceFile)
    const { client, noticeId } = notice
    let begin = () => client.start(noticeId)
    let plan = plans.next().value
    while (stops < runs && (await left(stack, recipients)) > rate * (plan.intoRunMs / 1000 + MARGIN_SECONDS)) {
      const stop = await measureStop(stack, notice, plan, { begin, disturb })
      if (stop === undefined) break
      stops += 1
      yield { kind: 'stop', stop }
      begin = () => client.resume(noticeId)
      plan = plans.next().value
    }
    yield await end(stack, notice, limit)
  }
}

async function left({ sesUrl }: LocalStack, recipients: number): Promise<number> {
  return recipients - (await simulatedSes(sesUrl).acceptances()).length
}

async function end(stack: LocalStack, notice: LiveNotice, limitSeconds: number): Promise<Seen> {
  const { client, noticeId } = notice
  if ((await client.readStatus(noticeId)).state === 'stopped') await client.resume(noticeId)
  await awaitFinish(notice, limitSeconds * 1000)
  const evidence = await gatherEvidence(stack, notice)
  return { kind: 'end', messages: evidence.wire.messages, judgement: judge(evidence) }
}
