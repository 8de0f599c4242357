import { Duration } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { dispatcherEnvironment } from '../functions/dispatcher/env.ts'
import { BATCHES_PER_CALL } from '../functions/sender/concurrency.ts'
import type { AudienceBucket } from './audience-bucket.ts'
import type { StackInputs } from './inputs.ts'
import { RoomFunction } from './room-function.ts'
import type { Sender } from './sender.ts'
import { letReadSendQuota } from './ses-permissions.ts'
import type { Tables } from './tables.ts'

export interface DispatcherProps {
  readonly tables: Tables
  readonly bucket: AudienceBucket
  readonly sender: Sender
  readonly inputs: StackInputs
}

/**
 * Grants the rate and feeds the queue with the batches that come next: each minute, which it stays for while a notice is being
 * sent, and at once when the API asks. It compares and mends, so it may run twice at a time; a call that fails is not repeated,
 * as the next minute is. It also knows how far each notice is, and counts what makes no progress.
 */
export class Dispatcher extends Construct {
  readonly function: RoomFunction

  constructor(scope: Construct, id: string, { tables, bucket, sender, inputs }: DispatcherProps) {
    super(scope, id)
    const room = new RoomFunction(this, 'Function', {
      room: 'dispatcher',
      description: 'Grants the rate, and feeds the batch queue with what comes next',
      schema: dispatcherEnvironment,
      environment: {
        NOTICES_TABLE: tables.notices.tableName,
        AUDIENCE_BUCKET: bucket.bucket.bucketName,
        BATCH_QUEUE_URL: sender.batchQueue.queueUrl,
        LANE_QUEUE_URL: sender.laneQueue.queueUrl,
        RATE_SHARE: String(inputs.share),
        LANES: JSON.stringify(inputs.lanes),
        POINTERS_IN_HAND: String(inputs.senderConcurrency * BATCHES_PER_CALL),
      },
      // A minute and a little, unless the last pass of it takes long.
      timeout: Duration.minutes(15),
      memoryMb: 512,
      sesAction: 'ses:GetAccount',
      retryAttempts: 0,
    })
    this.function = room
    tables.letChangeNotices(room)
    tables.letListNotices(room)
    bucket.letReadIndexes(room)
    for (const queue of new Set([sender.batchQueue, sender.laneQueue])) queue.grantSendMessages(room)
    letReadSendQuota(room, 'The dispatcher grants the rate that the account has')

    new Rule(this, 'EveryMinute', {
      description: 'Time to dispatch',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(room)],
    })
  }

  /** Rather than by `grantInvoke`, which adds every version that there will be. */
  letWake(room: RoomFunction): void {
    room.addToRolePolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.function.functionArn] }),
    )
  }
}
