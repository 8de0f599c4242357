import type { ReportAnswer } from '../cli/api-answers.ts'
import { CommandFailure } from '../cli/command-failure.ts'
import { nameDeliveries } from '../cli/named-deliveries.ts'
import { patiently } from '../cli/patiently.ts'
import { showProgress } from '../cli/progress.ts'
import type { PreparedNotice } from '../cli/send-notice.ts'
import type { SendQuota } from '../functions/ses/account.ts'
import { asPromised, type SimulatedDelivery } from './judge-fates.ts'
import type { StoppedNotice } from './judge-stop.ts'
import { type AudienceMix, SimulatorAddress } from './simulator-audience.ts'
import type { SmokeSending } from './smoke-notice.ts'
import type { SmokePorts } from './smoke-ports.ts'

type Ports = SmokePorts & SmokeSending

/** Longer than this times what the rate needs, and something is wrong. */
const SLOW_FACTOR = 3

/** The report once the notice is not being sent any more. One that takes too long is stopped. */
export async function awaitEnd(ports: Ports, notice: PreparedNotice, quota: SendQuota): Promise<ReportAnswer> {
  const { client, clock, patience, terminal } = ports
  const { noticeId, audience } = notice
  const limitMs = patience.finishMs + (SLOW_FACTOR * 1_000 * audience.recipients) / quota.maxSendRate
  const progress = showProgress(terminal.notes)
  const ended = await until(ports, limitMs, async () => {
    const status = await patiently(clock, () => client.readStatus(noticeId))
    progress.update(status, clock.now())
    return status.state === 'sending' ? undefined : status
  }).finally(() => progress.end())
  if (ended === undefined) {
    await patiently(clock, () => client.stop(noticeId))
    throw new CommandFailure(`${noticeId} took longer than ${Math.ceil(limitMs / 1_000)} s, and was stopped.`)
  }
  return patiently(clock, () => client.readReport(noticeId))
}

/** What became of each, once all is as the simulator promises, or once that takes too long. */
export async function awaitFeedback(
  ports: Ports,
  noticeId: string,
  mix: AudienceMix,
): Promise<{ deliveries: readonly SimulatedDelivery[]; report: ReportAnswer }> {
  const { client, clock, patience } = ports
  const back = mix.bounce + mix.complaint + mix.suppressionlist
  await until(ports, patience.feedbackMs, async () => {
    const { bounced, complained, suppressed } = await patiently(clock, () => client.readReport(noticeId))
    return bounced + complained + suppressed >= back ? true : undefined
  })
  const listed = await until(ports, patience.feedbackMs, async () => {
    const deliveries = await listSimulated(ports, noticeId)
    return asPromised(deliveries) ? deliveries : undefined
  })
  const deliveries = listed ?? (await listSimulated(ports, noticeId))
  return { deliveries, report: await patiently(clock, () => client.readReport(noticeId)) }
}

async function listSimulated(ports: Ports, noticeId: string): Promise<readonly SimulatedDelivery[]> {
  const found: SimulatedDelivery[] = []
  for await (const page of nameDeliveries(ports, noticeId, {})) {
    for (const { address, fate, reached, sentAgain } of page) {
      const mailbox = SimulatorAddress.from(address)?.mailbox
      if (mailbox === undefined) throw new CommandFailure(`${noticeId} has a recipient who is not the simulator's.`)
      found.push({ mailbox, fate, sentAgain, ...(reached !== undefined && { reached }) })
    }
  }
  return found
}

/** Stops a notice in its middle, and says what its senders told of that. */
export async function stopMidway(
  ports: Ports,
  { noticeId }: PreparedNotice,
  share: number | undefined,
): Promise<StoppedNotice> {
  const { client, clock, patience } = ports
  await client.start(noticeId, share === undefined ? {} : { share })
  await until(ports, patience.beforeStopMs, async () => {
    const { accepted, state } = await patiently(clock, () => client.readStatus(noticeId))
    return accepted > 0 || state !== 'sending' ? true : undefined
  })
  await patiently(clock, () => client.stop(noticeId))
  const readReport = () => patiently(clock, () => client.readReport(noticeId))
  await until(ports, patience.stopReportMs, async () => (await readReport()).stop?.batchesUnreported === 0 || undefined)
  const reported = await readReport()
  await clock.sleep(patience.quietMs)
  return { reported, later: await readReport() }
}

/** Asks until there is an answer; undefined once it takes too long. */
export async function until<T>(
  { clock, patience }: Pick<SmokePorts, 'clock' | 'patience'>,
  limitMs: number,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const untilMs = clock.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined || clock.now() >= untilMs) return answer
    await clock.sleep(patience.pollMs)
  }
}
