import { Duration } from 'aws-cdk-lib'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { RoomFunction } from './room-function.ts'

export interface RoomQueueProps {
  /** The longest that its function runs. */
  readonly functionTimeout: Duration
  readonly batchSize: number
  readonly maxBatchingWindow?: Duration
  readonly maxConcurrency: number
}

/**
 * What a room works through. A message that fails is seen again, alone, and after the last try is put aside for a person
 * to look at. Messages stay out of sight for six times the function's timeout, as AWS advises, so that a message
 * is not handed out again while its function still runs or waits for a free place.
 */
export class RoomQueue extends Construct {
  readonly queue: Queue
  readonly deadLetters: Queue
  private readonly props: RoomQueueProps

  constructor(scope: Construct, id: string, props: RoomQueueProps) {
    super(scope, id)
    this.props = props
    const { functionTimeout, maxBatchingWindow = Duration.seconds(0) } = props
    this.deadLetters = new Queue(this, 'DeadLetters', { ...guarded, retentionPeriod: Duration.days(14) })
    this.queue = new Queue(this, 'Queue', {
      ...guarded,
      visibilityTimeout: Duration.seconds(6 * functionTimeout.toSeconds()).plus(maxBatchingWindow),
      // A dead letter keeps its age: this must be well below the retention of the dead letters.
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: tries },
    })
  }

  feed(room: RoomFunction): void {
    const { batchSize, maxBatchingWindow, maxConcurrency } = this.props
    room.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize,
        maxConcurrency,
        reportBatchItemFailures: true,
        ...(maxBatchingWindow === undefined ? {} : { maxBatchingWindow }),
      }),
    )
  }
}

const tries = 5

const guarded = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true }
