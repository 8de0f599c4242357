import { Duration } from 'aws-cdk-lib'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { sendersOfLanes } from '../functions/pacer/concurrency.ts'
import { BATCHES_PER_CALL } from '../functions/sender/concurrency.ts'
import { senderEnvironment } from '../functions/sender/env.ts'
import type { AudienceBucket } from './audience-bucket.ts'
import type { AudienceKeys } from './audience-keys.ts'
import type { Feedback } from './feedback.ts'
import type { StackInputs } from './inputs.ts'
import { RoomFunction } from './room-function.ts'
import { RoomQueue } from './room-queue.ts'
import { letSend } from './ses-permissions.ts'
import type { Tables } from './tables.ts'

export const SENDER_MEMORY_MB = 512

export interface SenderProps {
  readonly tables: Tables
  readonly bucket: AudienceBucket
  readonly keys: AudienceKeys
  readonly feedback: Feedback
  readonly inputs: StackInputs
}

/**
 * Sends batches, one pointer a call, and is the only room that may send mail. A pointer that comes twice, late or after
 * its run finds the batch done, held or void, and does no harm. A sender that has to wait puts a delayed pointer back.
 */
export class Sender extends Construct {
  readonly batchQueue: IQueue
  /** The same where there are no lanes. */
  readonly laneQueue: IQueue
  readonly deadLetters: IQueue
  /** Undefined where there are no lanes. */
  readonly laneDeadLetters: IQueue | undefined
  readonly function: RoomFunction

  constructor(scope: Construct, id: string, { tables, bucket, keys, feedback, inputs }: SenderProps) {
    super(scope, id)
    const timeout = Duration.minutes(5)
    const { configurationSetName } = feedback.configurationSet
    const settings = { functionTimeout: timeout, batchSize: BATCHES_PER_CALL }
    const batches = new RoomQueue(this, 'Batches', { ...settings, maxConcurrency: inputs.senderConcurrency })
    const lanes = Object.keys(inputs.lanes).length
    const laneBatches =
      lanes === 0 ? batches : new RoomQueue(this, 'LaneBatches', { ...settings, maxConcurrency: sendersOfLanes(lanes) })
    const room = new RoomFunction(this, 'Function', {
      room: 'sender',
      description: 'Sends the messages of one batch, each to one recipient, at the pace it is given',
      schema: senderEnvironment,
      environment: {
        NOTICES_TABLE: tables.notices.tableName,
        DELIVERIES_TABLE: tables.deliveries.tableName,
        AUDIENCE_BUCKET: bucket.bucket.bucketName,
        BATCH_QUEUE_URL: batches.queue.queueUrl,
        LANE_QUEUE_URL: laneBatches.queue.queueUrl,
        CONFIGURATION_SET: configurationSetName,
        SETTLE_DELAY_SECONDS: String(inputs.settleDelaySeconds),
        DELIVERY_RETENTION_DAYS: String(inputs.retentionDays),
      },
      timeout,
      memoryMb: SENDER_MEMORY_MB,
      sesAction: 'ses:SendEmail',
    })
    this.function = room
    this.batchQueue = batches.queue
    this.laneQueue = laneBatches.queue
    this.deadLetters = batches.deadLetters
    this.laneDeadLetters = laneBatches === batches ? undefined : laneBatches.deadLetters
    for (const fed of new Set([batches, laneBatches])) {
      fed.feed(room)
      fed.queue.grantSendMessages(room)
    }
    tables.letChangeNotices(room)
    tables.letChangeDeliveries(room)
    bucket.letRead(room, {
      audiences: 'A sender reads the slice of its batch, of whichever audience the pointer names',
      content: 'A sender renders what the notice of its batch says',
    })
    keys.letDerive(room)
    const { sender, sandbox } = inputs
    letSend(room, { sender, configurationSetName, sandbox })
  }
}
