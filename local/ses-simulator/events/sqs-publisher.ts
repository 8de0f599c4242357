import type { Clock } from '../../../functions/runtime/clock.ts'
import { SqsCalls } from '../../services/sqs-calls.ts'
import type { EventQueue, SesSimulatorSettings } from '../options.ts'
import type { OutgoingEvent, PublishEvents } from './event-outbox.ts'
import { ACCOUNT_ID, type SesEventType } from './ses-event.ts'

type QueueSettings = Pick<SesSimulatorSettings, 'eventQueues' | 'sqsEndpoint' | 'region'>

const ATTEMPTS = 4
const RETRY_MS = 100

export function wantsEvent(queue: EventQueue, configurationSet: string, eventType: SesEventType): boolean {
  if (queue.configurationSet !== configurationSet) return false
  return queue.eventTypes === undefined || queue.eventTypes.some(type => type === eventType.toLowerCase())
}

/** SES to SNS to SQS in one step. At most ten events a call; entries that SQS refuses are sent again by themselves. */
export function sqsPublisher(settings: () => QueueSettings, clock: Clock, uuid: () => string): PublishEvents {
  const clients = new Map<string, SqsCalls>()
  const clientOf = (endpoint: string, region: string): SqsCalls => {
    const client = clients.get(endpoint) ?? new SqsCalls(endpoint, region)
    clients.set(endpoint, client)
    return client
  }
  return async events => {
    const { eventQueues, sqsEndpoint, region } = settings()
    const sendTo = (queue: EventQueue) => {
      const wanted = events.filter(event => wantsEvent(queue, event.configurationSet, event.eventType))
      const bodies = wanted.map(event => (queue.raw ? event.body : snsNotification(event, region, clock, uuid)))
      const client = clientOf(sqsEndpoint ?? new URL(queue.queueUrl).origin, region)
      return sendAll(client, queue.queueUrl, bodies, clock)
    }
    await Promise.all(eventQueues.map(sendTo))
  }
}

async function sendAll(client: SqsCalls, queueUrl: string, bodies: readonly string[], clock: Clock): Promise<void> {
  let unsent = bodies
  for (let attempt = 1; unsent.length > 0; attempt += 1) {
    const refused = new Set(await client.send(queueUrl, unsent))
    unsent = unsent.filter((_, place) => refused.has(place))
    if (unsent.length === 0) return
    if (attempt === ATTEMPTS) throw new Error(`SQS refused ${unsent.length} event(s)`)
    await clock.sleep(RETRY_MS * attempt)
  }
}

function snsNotification(event: OutgoingEvent, region: string, clock: Clock, uuid: () => string): string {
  return JSON.stringify({
    Type: 'Notification',
    MessageId: uuid(),
    TopicArn: `arn:aws:sns:${region}:${ACCOUNT_ID}:${event.configurationSet}-events`,
    Subject: 'Amazon SES Email Event Notification',
    Message: event.body,
    Timestamp: new Date(clock.now()).toISOString(),
    SignatureVersion: '1',
    Signature: 'local',
    SigningCertURL: 'https://sns.invalid/certificate.pem',
    UnsubscribeURL: 'https://sns.invalid/unsubscribe',
  })
}
