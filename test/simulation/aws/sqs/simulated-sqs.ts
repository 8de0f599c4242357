import { errorAnswer, jsonAnswer, jsonOf } from '../answers.ts'
import { OutsideSimulation } from '../outside-simulation.ts'
import type { ServiceRequest, ServiceResponse, SimulatedService } from '../simulated-service.ts'
import type { SimulatedQueue } from './simulated-queue.ts'

interface Entry {
  readonly MessageBody: string
  readonly DelaySeconds?: number
}

interface SendMessageRequest extends Entry {
  readonly QueueUrl: string
}

interface SendMessageBatchRequest {
  readonly QueueUrl: string
  readonly Entries: readonly (Entry & { readonly Id: string })[]
}

/** What the engine decides. */
export interface SqsHooks {
  /** Whether this entry of a batch fails, in an answer of 200. */
  readonly failsEntry: (entry: { readonly queue: string; readonly body: string }) => boolean
}

const ENTRIES_MAX = 10
const DELAY_SECONDS_MAX = 900

export const queueUrl = (name: string) => `http://sqs.invalid/123456789012/${name}`

/** SQS for producers. Consumers take from the queues directly, as Lambda's pollers do for them. */
export function simulatedSqs(queues: readonly SimulatedQueue[], hooks: Partial<SqsHooks> = {}): SimulatedService {
  const failsEntry = hooks.failsEntry ?? (() => false)
  const byUrl = new Map(queues.map(queue => [queueUrl(queue.name), queue]))

  function sendBatch({ QueueUrl, Entries }: SendMessageBatchRequest): ServiceResponse {
    const queue = byUrl.get(QueueUrl)
    if (queue === undefined) return missing
    if (Entries.length === 0) return refused('EmptyBatchRequest', 'There should be at least one entry')
    if (Entries.length > ENTRIES_MAX) return refused('TooManyEntriesInBatchRequest', `At most ${ENTRIES_MAX} entries`)
    if (new Set(Entries.map(({ Id }) => Id)).size < Entries.length)
      return refused('BatchEntryIdsNotDistinct', 'Same Id')
    const Successful: object[] = []
    const Failed: object[] = []
    for (const entry of Entries) {
      if (!isDelay(entry)) {
        Failed.push({ Id: entry.Id, Code: 'InvalidParameterValue', SenderFault: true, Message: 'DelaySeconds' })
      } else if (failsEntry({ queue: queue.name, body: entry.MessageBody })) {
        Failed.push({ Id: entry.Id, Code: 'InternalError', SenderFault: false, Message: 'Internal error' })
      } else {
        Successful.push({ Id: entry.Id, MessageId: send(queue, entry), MD5OfMessageBody: '' })
      }
    }
    return jsonAnswer(200, { Successful, Failed })
  }

  function sendOne(request: SendMessageRequest): ServiceResponse {
    const queue = byUrl.get(request.QueueUrl)
    if (queue === undefined) return missing
    if (!isDelay(request)) return refused('InvalidParameterValue', 'DelaySeconds must be between 0 and 900')
    return jsonAnswer(200, { MessageId: send(queue, request), MD5OfMessageBody: '' })
  }

  return request => {
    const operation = operationOf(request)
    switch (operation) {
      case 'SendMessageBatch':
        return sendBatch(jsonOf(request))
      case 'SendMessage':
        return sendOne(jsonOf(request))
      default:
        throw new OutsideSimulation(`SQS's ${operation}`)
    }
  }
}

const send = (queue: SimulatedQueue, { MessageBody, DelaySeconds = 0 }: Entry) =>
  queue.send(MessageBody, DelaySeconds * 1000)

const isDelay = ({ DelaySeconds = 0 }: Entry) =>
  Number.isInteger(DelaySeconds) && DelaySeconds >= 0 && DelaySeconds <= DELAY_SECONDS_MAX

const refused = (type: string, message: string) => errorAnswer('sqs', 400, type, message)
const missing = refused('QueueDoesNotExist', 'The specified queue does not exist')

function operationOf({ headers }: ServiceRequest): string {
  return (headers['x-amz-target'] ?? '').split('.')[1] ?? ''
}
