import { createApiClient } from '../../cli/api-client.ts'
import { CommandFailure } from '../../cli/command-failure.ts'
import { count, duration } from '../../cli/figures.ts'
import { prepareNotice, readForSending } from '../../cli/send-notice.ts'
import type { Terminal } from '../../cli/terminal.ts'
import { watchNotice } from '../../cli/watch-notice.ts'
import { enoughSenders } from '../../functions/pacer/concurrency.ts'
import { systemClock } from '../../functions/runtime/clock.ts'
import { type LocalStack, startLocalStack } from '../stack.ts'
import { exampleNotice, expectFrom, provideAudienceFile } from './demo-audience.ts'
import type { DemoOptions } from './demo-options.ts'
import type { DemoResult } from './demo-result.ts'
import { readSimulatorCounts, readWireMessages } from './simulator-control.ts'
import { auditWire } from './wire-audit.ts'

const WATCH_INTERVAL_MS = 500
const P99_OVER_MEDIAN = 5

/** From nothing to a report: a whole stack on this computer, a notice to everybody, and the audit of what they got. */
export async function runDemo(options: DemoOptions, terminal: Terminal): Promise<DemoResult> {
  const audienceFile = await provideAudienceFile(options.recipients)
  const notice = await readForSending(exampleNotice, audienceFile)
  await using stack = await startStack(options, terminal)
  const client = createApiClient(stack.apiUrl, globalThis.fetch)
  const prepared = await prepareNotice({ client, terminal, clock: systemClock }, notice, audienceFile)
  const { noticeId, from } = prepared
  await client.start(noticeId)
  terminal.note(`Started, to ${count(prepared.audience.recipients)} recipients.\n`)
  await watchNotice(client, noticeId, { terminal, clock: systemClock, pollIntervalMs: WATCH_INTERVAL_MS })
  terminal.note('\nReading every message as its recipient would …\n')
  const expectation = await expectFrom(audienceFile, notice, from)
  return {
    report: await client.readReport(noticeId),
    simulator: await readSimulatorCounts(stack.sesUrl),
    wire: await auditWire(readWireMessages(stack.sesUrl), expectation),
  }
}

async function startStack({ rate, latency }: DemoOptions, terminal: Terminal): Promise<LocalStack & AsyncDisposable> {
  if (process.env['AWS_ENDPOINT_URL_SESV2'] !== undefined) {
    throw new CommandFailure('AWS_ENDPOINT_URL_SESV2 names another SES, which cannot be audited.', [
      'Unset it: the demo reads the messages that its own SES simulator received.',
    ])
  }
  terminal.note('Starting the whole stack on this computer …')
  let ending = false
  process.once('SIGINT', () => {
    ending = true
    terminal.note('\nStopping the stack …')
  })
  const senders = enoughSenders({ ratePerSecond: rate, slowestAnswerMs: latency * P99_OVER_MEDIAN })
  const stack = await startLocalStack({
    port: 0,
    context: { share: '1', sender: 'notices@northgate.example', senderConcurrency: String(senders) },
    prewarmSenders: senders,
    ses: {
      maxSendRate: rate,
      max24HourSend: -1,
      latencyMedianMs: latency,
      latencyP99Ms: latency * P99_OVER_MEDIAN,
    },
    onProblem: problem => {
      if (!ending) terminal.note(`  ${problem}`)
    },
  })
  const startedInMs = Object.values(stack.startedInMs).reduce((sum, phaseMs) => sum + phaseMs, 0)
  const speed = `SES allows ${count(rate)} messages a second and takes ${count(latency)} ms over each`
  terminal.note(`Ready in ${duration(startedInMs / 1000)} at ${stack.apiUrl}. ${speed}.\n`)
  return { ...stack, [Symbol.asyncDispose]: () => stack.close() }
}
