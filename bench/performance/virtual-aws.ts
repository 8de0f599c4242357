import { simulatedDynamoDb } from '../../test/simulation/aws/dynamodb/simulated-dynamodb.ts'
import { simulatedKms } from '../../test/simulation/aws/kms/simulated-kms.ts'
import { simulatedLambda } from '../../test/simulation/aws/lambda/simulated-lambda.ts'
import { type ObjectCreated, simulatedS3 } from '../../test/simulation/aws/s3/simulated-s3.ts'
import type { SesEvent } from '../../test/simulation/aws/ses/ses-events.ts'
import { simulatedQueue } from '../../test/simulation/aws/sqs/simulated-queue.ts'
import { simulatedSqs } from '../../test/simulation/aws/sqs/simulated-sqs.ts'
import type { World } from '../../test/simulation/process.ts'
import { stack } from '../../test/simulation/rooms.ts'
import { meter, type VirtualUsage } from '../cost/metered-services.ts'
import type { SesLimit } from './ses-limit.ts'
import { sesService } from './ses-service.ts'

export interface VirtualAwsProps {
  readonly limit: SesLimit
  readonly laneOf: (address: string) => string | undefined
  readonly onObjectCreated: (created: ObjectCreated) => void
  readonly onInvoke: (event: unknown) => void
  /** Told of each message that SES accepts, with how many there are by now. */
  readonly onAccepted: (count: number) => void
  /** Which events come back: they settle doubts, and take no part in the pace. */
  readonly events: readonly ('Send' | 'Delivery')[]
  /** Counts what the services are asked for, where that is wanted. */
  readonly usage: VirtualUsage | undefined
}

/** As the constructs of the stack have it: six times the function's limit, and five tries. */
const VISIBILITY_MS = { batches: 6 * 300_000, lanes: 6 * 300_000, events: 6 * 60_000 + 1_000 } as const
const TRIES = 5
/** From SES by SNS into the queue. */
const EVENT_WAY_MS = [30, 400] as const
/** Until the mailbox provider has taken a message, and SES has told of it. */
const DELIVERY_MS = [500, 5_000] as const

/** The account of a stack in which nothing fails by itself. */
export function virtualAws({ scheduler, random }: World, props: VirtualAwsProps) {
  const { now } = scheduler
  const clock = { now }
  const events = random.fork('ses-events')

  function room(name: keyof typeof VISIBILITY_MS) {
    const waiting: ((atMs: number) => void)[] = []
    const visibilityTimeoutMs = VISIBILITY_MS[name]
    const queues = random.fork(`queue/${name}`)
    const deadLetters = simulatedQueue({ name: `${name}-dead`, visibilityTimeoutMs }, clock, queues)
    const settings = { name, visibilityTimeoutMs, maxReceiveCount: TRIES, deadLetters }
    const onVisible = (atMs: number) => {
      for (const tell of waiting) tell(atMs)
    }
    return { queue: simulatedQueue(settings, clock, queues, { onVisible }), deadLetters, onVisible: waiting }
  }

  const [feedback, batches, laneBatches] = [room('events'), room('batches'), room('lanes')]
  const tables = simulatedDynamoDb(clock, [
    { tableName: stack.noticesTable, indexes: [{ indexName: 'byState', hash: 'state', range: 'createdAtMs' }] },
    { tableName: stack.deliveriesTable, indexes: [] },
  ])
  const publish = (bodyOf: (event: SesEvent) => string) => {
    props.onAccepted(props.limit.record.acceptedAtMs.length)
    for (const type of props.events) {
      const [leastMs, mostMs] = type === 'Send' ? EVENT_WAY_MS : DELIVERY_MS
      const delayMs = events.acrossScales(leastMs, mostMs)
      const body = bodyOf(type === 'Send' ? { type } : { type, atMs: now() + delayMs })
      scheduler.after(delayMs, () => {
        feedback.queue.send(body)
        return false
      })
    }
  }
  const services = {
    dynamodb: tables.service,
    s3: simulatedS3(clock, props.onObjectCreated).service,
    sqs: simulatedSqs([batches.queue, laneBatches.queue]),
    lambda: simulatedLambda((_, event) => props.onInvoke(event)),
    kms: simulatedKms(stack.audienceKeys),
    ses: sesService({ ...props, now, onAccepted: publish }),
  }
  const { usage } = props
  return {
    batches,
    laneBatches,
    events: feedback,
    services: usage === undefined ? services : meter(services, tables, usage),
  }
}
