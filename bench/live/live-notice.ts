import { Writable } from 'node:stream'
import { type ApiClient, createApiClient } from '../../cli/api-client.ts'
import type { WrittenNotice } from '../../cli/notice-directory.ts'
import { type PreparedNotice, prepareNotice, readForSending } from '../../cli/send-notice.ts'
import { plain, processTerminal, type Terminal } from '../../cli/terminal.ts'
import { enoughSenders } from '../../functions/pacer/concurrency.ts'
import { systemClock } from '../../functions/runtime/clock.ts'
import { normaliseAddress } from '../../local/demo/addresses-in-text.ts'
import { exampleNotice, expectFrom } from '../../local/demo/demo-audience.ts'
import { readSimulatorCounts, readWireMessages } from '../../local/demo/simulator-control.ts'
import { auditWire } from '../../local/demo/wire-audit.ts'
import { type LocalStack, startLocalStack } from '../../local/stack.ts'
import { listDeliveries } from './deliveries.ts'
import type { Evidence } from './judgement.ts'
import { simulatedSes } from './simulated-ses.ts'

/** A whole stack that a measurement runs against. */
export interface LiveSettings {
  /** Recipients a second that SES allows. */
  readonly rate: number
  readonly settleDelaySeconds: number
  readonly seed: number
  /** Keeps the logs. */
  readonly stateDirectory: string
  /** Unless as many as the rate needs. On one computer each takes the others' processor. */
  readonly senders?: number | undefined
}

const SLOWEST_ANSWER_MS = 400

export async function startLiveStack(settings: LiveSettings): Promise<LocalStack & AsyncDisposable> {
  const { rate, settleDelaySeconds, seed, stateDirectory } = settings
  if (process.env['AWS_ENDPOINT_URL_SESV2'] !== undefined) {
    throw new Error('AWS_ENDPOINT_URL_SESV2 names another SES, which cannot be audited. Unset it.')
  }
  const { senders = enoughSenders({ ratePerSecond: rate, slowestAnswerMs: SLOWEST_ANSWER_MS }) } = settings
  const stack = await startLocalStack({
    port: 0,
    context: {
      share: '1',
      sender: 'notices@northgate.example',
      senderConcurrency: String(senders),
      settleDelaySeconds: String(settleDelaySeconds),
    },
    prewarmSenders: senders,
    stateDirectory,
    ses: { maxSendRate: rate, max24HourSend: -1, latencyP99Ms: SLOWEST_ANSWER_MS, seed },
  })
  return { ...stack, [Symbol.asyncDispose]: () => stack.close() }
}

/** A notice that is ready to be started, and what its end is held against. */
export interface LiveNotice extends PreparedNotice {
  readonly client: ApiClient
  readonly written: WrittenNotice
  readonly audienceFile: string
}

export async function prepareLiveNotice({ apiUrl }: LocalStack, audienceFile: string): Promise<LiveNotice> {
  const client = createApiClient(apiUrl, globalThis.fetch)
  const written = await readForSending(exampleNotice, audienceFile)
  const prepared = await prepareNotice({ client, terminal: silence, clock: systemClock }, written, audienceFile)
  return { ...prepared, client, written, audienceFile }
}

const POLL_INTERVAL_MS = 200

/** Waits for the notice to finish. An API whose process has just been killed is asked again. Undefined when it takes too long. */
export async function awaitFinish({ client, noticeId }: LiveNotice, limitMs: number): Promise<number | undefined> {
  const untilMs = systemClock.now() + limitMs
  while (systemClock.now() < untilMs) {
    const status = await client.readStatus(noticeId).catch(() => undefined)
    if (status?.state === 'finished') return systemClock.now()
    await systemClock.sleep(POLL_INTERVAL_MS)
  }
  return undefined
}

/** Collects what both sides say, once the last answers and events have come in. */
export async function gatherEvidence(stack: LocalStack, notice: LiveNotice): Promise<Evidence> {
  const { client, noticeId, written, audienceFile, from, audience } = notice
  await systemClock.sleep(LAST_EVENTS_MS)
  const expectation = await expectFrom(audienceFile, written, from)
  const reached = new Map<string, number>()
  for (const { to } of await simulatedSes(stack.sesUrl).acceptances()) {
    for (const address of to.map(normaliseAddress)) reached.set(address, (reached.get(address) ?? 0) + 1)
  }
  return {
    expected: expectation.recipients.keys(),
    reached,
    listed: await listDeliveries(stack, { noticeId, ...audience }),
    report: await client.readReport(noticeId),
    simulator: await readSimulatorCounts(stack.sesUrl),
    wire: await auditWire(readWireMessages(stack.sesUrl), expectation),
  }
}

/** SES's events and a sender's last answers come in this long after the end. */
const LAST_EVENTS_MS = 3_000

/** Preparing a notice says much that a measurement has no use for. */
const silence: Terminal = {
  ...processTerminal(),
  print: () => {},
  note: () => {},
  notes: new Writable({ write: (_chunk, _encoding, done) => done() }),
  canAsk: false,
  ask: async () => '',
  interruption: () => new Promise(() => {}),
  paint: plain,
}
