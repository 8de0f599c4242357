import { SESv2Client } from '@aws-sdk/client-sesv2'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../../functions/runtime/clock.ts'
import type { OutgoingEvent } from '../../../local/ses-simulator/events/event-outbox.ts'
import { type SesSimulatorOptions, startSesSimulator } from '../../../local/ses-simulator/simulator.ts'

/** A simulator without latency, the SDK's client for it, and the events it published. */
export async function runSimulator(options: SesSimulatorOptions = {}) {
  const events: OutgoingEvent[] = []
  const publish = async (published: readonly OutgoingEvent[]) => {
    events.push(...published)
  }
  const quick = { latencyMedianMs: 0, latencyP99Ms: 0, sendEventDelayMs: 1, deliveryEventDelayMs: 2 }
  const simulator = await startSesSimulator({ ...quick, ...options }, { clock: systemClock, publish })
  const client = sesClient(simulator.url)
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= simulator.close()
    return closing
  }
  onTestFinished(async () => {
    client.destroy()
    await close()
  })
  /** A control request: the status and the JSON of the answer. */
  const control = async (method: string, path: string, body?: unknown) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    const response = await fetch(`${simulator.url}/_simulator/${path}`, init)
    const text = await response.text()
    const isNdjson = response.headers.get('content-type') === 'application/x-ndjson'
    const lines = text.split('\n').filter(line => line !== '')
    return { status: response.status, body: isNdjson ? lines.map(line => JSON.parse(line)) : JSON.parse(text) }
  }
  return { url: simulator.url, client, events, control, close }
}

/** As OnlyTo's sender is set up: one attempt, and a time-out that throws. */
export function sesClient(endpoint: string): SESv2Client {
  return new SESv2Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: { requestTimeout: 500, throwOnRequestTimeout: true, httpAgent: { maxSockets: 200 } },
  })
}
