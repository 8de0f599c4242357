import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs'

export interface QueueDefinition {
  readonly name: string
  readonly visibilityTimeoutSeconds: number
  readonly delaySeconds?: number
  /** Must be among the queues that are created with this one. */
  readonly deadLetterQueue?: { readonly name: string; readonly maxReceiveCount: number }
  readonly retentionSeconds?: number
}

/**
 * Creates the queues that are missing, dead-letter queues first, and answers their URLs by name. One that exists is
 * taken as it is. URLs are put on the endpoint's own host: the SQS client calls the host of the queue URL, not its
 * endpoint.
 */
export async function createQueues(
  client: SQSClient,
  endpoint: string,
  queues: readonly QueueDefinition[],
): Promise<Record<string, string>> {
  const urls: Record<string, string> = {}
  for (const queue of deadLetterQueuesFirst(queues)) {
    const url = (await existingUrl(client, queue.name)) ?? (await createQueue(client, queue, urls))
    urls[queue.name] = new URL(new URL(url).pathname, endpoint).href
  }
  return urls
}

function deadLetterQueuesFirst(queues: readonly QueueDefinition[]): readonly QueueDefinition[] {
  const deadLetterNames = new Set(queues.map(queue => queue.deadLetterQueue?.name))
  return [...queues].sort(
    (one, other) => Number(deadLetterNames.has(other.name)) - Number(deadLetterNames.has(one.name)),
  )
}

async function existingUrl(client: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined
    throw error
  }
}

async function createQueue(client: SQSClient, queue: QueueDefinition, urls: Record<string, string>): Promise<string> {
  const attributes: Record<string, string> = { VisibilityTimeout: String(queue.visibilityTimeoutSeconds) }
  if (queue.delaySeconds !== undefined) attributes['DelaySeconds'] = String(queue.delaySeconds)
  if (queue.retentionSeconds !== undefined) attributes['MessageRetentionPeriod'] = String(queue.retentionSeconds)
  if (queue.deadLetterQueue !== undefined) attributes['RedrivePolicy'] = await redrivePolicy(client, queue, urls)
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: queue.name, Attributes: attributes }))
  if (QueueUrl === undefined) throw new TypeError(`SQS created the queue ${queue.name} and did not say its URL`)
  return QueueUrl
}

async function redrivePolicy(
  client: SQSClient,
  { name, deadLetterQueue }: QueueDefinition,
  urls: Record<string, string>,
): Promise<string> {
  const url = urls[deadLetterQueue?.name ?? '']
  if (url === undefined) {
    throw new TypeError(`The dead-letter queue ${deadLetterQueue?.name} of the queue ${name} is not among the queues`)
  }
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] })
  const { Attributes } = await client.send(command)
  return JSON.stringify({
    deadLetterTargetArn: Attributes?.['QueueArn'],
    maxReceiveCount: deadLetterQueue?.maxReceiveCount,
  })
}
