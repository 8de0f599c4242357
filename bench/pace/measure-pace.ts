import { BATCH_SIZE } from '../../functions/recipient/recipient.ts'
import { systemClock } from '../../functions/runtime/clock.ts'
import { provideAudienceFile } from '../../local/demo/demo-audience.ts'
import { readSimulatorCounts } from '../../local/demo/simulator-control.ts'
import type { LocalStack } from '../../local/stack.ts'
import { awaitFinish, prepareLiveNotice, startLiveStack } from '../live/live-notice.ts'
import { simulatedSes } from '../live/simulated-ses.ts'
import { type AcceptanceFigures, acceptanceFigures } from './acceptance-figures.ts'
import type { PaceOptions } from './options.ts'
import { processorUse, readProcessorTimes } from './processor-times.ts'
import { type ReportedPace, reportedPace } from './reported-pace.ts'

export interface MeasuredPace {
  readonly rate: number
  readonly recipients: number
  /** Recipients of the notice before; 0: cold. */
  readonly warmUp: number
  /** Undefined: as many as the rate needs. */
  readonly senders: number | undefined
  /** Undefined when the notice did not finish in time. */
  readonly seen: AcceptanceFigures | undefined
  readonly throttles: number
  readonly reported: ReportedPace
  /** From the start of the notice to its end. */
  readonly busyShare: number
  readonly perMessageMs: Readonly<Record<string, number>>
}

const SETTLE_DELAY_SECONDS = 5
const LEAST_BATCHES = 3
/** SES is asked this often how far it is: each question to the API would cost as much as ten messages. */
const POLL_INTERVAL_MS = 500
/** A notice may take so much longer than its rate would have it. */
const PATIENCE = 3
const STARTING_MS = 30_000

/** One notice on a stack of its own. */
export async function measurePace(rate: number, options: PaceOptions, stateDirectory: string): Promise<MeasuredPace> {
  const { seconds, warmUp, seed, senders } = options
  const recipients = Math.max(LEAST_BATCHES * BATCH_SIZE, Math.ceil(rate * seconds))
  await using stack = await startLiveStack({
    ...{ rate, seed, senders, stateDirectory },
    settleDelaySeconds: SETTLE_DELAY_SECONDS,
  })
  if (warmUp > 0) await send(stack, warmUp, rate)
  const { notice, before, finished } = await send(stack, recipients, rate)
  const after = readProcessorTimes(stack)
  const acceptances = await simulatedSes(stack.sesUrl).acceptances()
  const timesMs = acceptances.map(({ atMs }) => atMs)
  return {
    ...{ rate, recipients, warmUp, senders },
    seen: finished && timesMs.length === recipients ? acceptanceFigures(timesMs, rate) : undefined,
    throttles: (await readSimulatorCounts(stack.sesUrl)).throttled,
    reported: await reportedPace(stack, notice.noticeId),
    ...processorUse(before, after, recipients),
  }
}

async function send(stack: LocalStack, recipients: number, rate: number) {
  const audienceFile = await provideAudienceFile(recipients)
  const notice = await prepareLiveNotice(stack, audienceFile)
  await simulatedSes(stack.sesUrl).forget()
  const before = readProcessorTimes(stack)
  await notice.client.start(notice.noticeId)
  const untilMs = systemClock.now() + STARTING_MS + PATIENCE * 1_000 * (recipients / rate)
  while (systemClock.now() < untilMs && (await readSimulatorCounts(stack.sesUrl)).accepted < recipients) {
    await systemClock.sleep(POLL_INTERVAL_MS)
  }
  const finishedAtMs = await awaitFinish(notice, untilMs - systemClock.now() + STARTING_MS)
  return { notice, before, finished: finishedAtMs !== undefined }
}
