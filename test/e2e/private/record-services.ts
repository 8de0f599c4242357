import * as z from 'zod'
import { startServiceProcess } from '../../../local/services/service-process.ts'
import { Evidence } from './evidence.ts'
import { type Exchange, type RecordingProxy, startRecordingProxy } from './recording-proxy.ts'

export interface RecordedServices {
  readonly evidence: Evidence
  readonly tables: RecordingProxy
  readonly queues: RecordingProxy
  close(): Promise<void>
}

const REGION = 'eu-west-1'

/** DynamoDB and SQS, with everything that is written to them on record. */
export async function recordServices(evidence = new Evidence()): Promise<RecordedServices> {
  await using resources = new AsyncDisposableStack()
  const services = resources.adopt(
    await startServiceProcess({ dynamodb: {}, sqs: { region: REGION } }, { region: REGION }),
    service => service.close(),
  )
  const proxy = async (target: string | undefined, record: (exchange: Exchange) => void) =>
    resources.adopt(await startRecordingProxy(target ?? '', record), started => started.close())
  const tables = await proxy(services.endpoints['dynamodb'], exchange =>
    evidence.add('table write', operationOf(exchange), exchange.body),
  )
  const queues = await proxy(services.endpoints['sqs'], exchange => recordMessages(evidence, exchange))
  const kept = resources.move()
  return { evidence, tables, queues, close: () => kept.disposeAsync() }
}

const sent = z.looseObject({ QueueUrl: z.string() })

/** SES's own events are SES's. */
function recordMessages(evidence: Evidence, exchange: Exchange): void {
  const operation = operationOf(exchange)
  if (!operation.startsWith('SendMessage')) return
  const { QueueUrl } = sent.parse(JSON.parse(exchange.body))
  if (!isEventQueue(QueueUrl)) evidence.add('queue message', `${operation} ${QueueUrl}`, exchange.body)
}

const operationOf = ({ headers }: Exchange) => String(headers['x-amz-target']).split('.').at(-1) ?? ''

/** The queue that SES's events come to, and its dead letters. */
export const isEventQueue = (nameOrUrl: string) => /(^|\/)Feedback[^/]*$/.test(nameOrUrl)
