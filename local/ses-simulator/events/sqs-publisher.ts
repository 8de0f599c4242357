import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs'
import type { Clock } from '../../../functions/runtime/clock.ts'
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
  const clients = new Map<string, SQSClient>()
  const clientOf = (endpoint: string, region: string): SQSClient => {
    const client = clients.get(endpoint) ?? localClient(endpoint, region)
    clients.set(endpoint, client)
    return client
  }
  return async events => {
    const { eventQueues, sqsEndpoint, region } = settings()
    const sendTo = (queue: EventQueue) => {
      const wanted = events.filter(event => wantsEvent(queue, event.configurationSet, event.eventType))
      const entries = wanted.map((event, index) => ({
        Id: `${index}`,
        MessageBody: queue.raw ? event.body : snsNotification(event, region, clock, uuid),
      }))
      const client = clientOf(sqsEndpoint ?? new URL(queue.queueUrl).origin, region)
      return sendEntries(client, queue.queueUrl, entries, clock)
    }
    await Promise.all(eventQueues.map(sendTo))
  }
}

/** Credentials of nobody: the simulator speaks to local services only, and must not lend them the user's. */
function localClient(endpoint: string, region: string): SQSClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return new SQSClient({ region, credentials, endpoint, useQueueUrlAsEndpoint: false })
}

async function sendEntries(
  client: SQSClient,
  queueUrl: string,
  entries: readonly SendMessageBatchRequestEntry[],
  clock: Clock,
): Promise<void> {
  let unsent = entries
  for (let attempt = 1; unsent.length > 0; attempt += 1) {
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: [...unsent] }))
    const failedIds = new Set(Failed.map(({ Id }) => Id))
    unsent = unsent.filter(({ Id }) => failedIds.has(Id))
    if (unsent.length === 0) return
    if (attempt === ATTEMPTS) throw new Error(`SQS refused ${unsent.length} event(s): ${Failed[0]?.Code ?? 'no code'}`)
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
