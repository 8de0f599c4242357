import { Duration } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import { dispatcherEnvironment } from '../functions/dispatcher/env.ts'
import type { StackInputs } from './inputs.ts'
import { RoomFunction } from './room-function.ts'
import type { Sender } from './sender.ts'
import { readSendQuota } from './ses-permissions.ts'
import { readItems, type Tables, writeItems } from './tables.ts'

export interface DispatcherProps {
  readonly tables: Tables
  readonly sender: Sender
  readonly inputs: StackInputs
}

/**
 * Makes the queue hold every batch that is not done: each minute, and at once when the API asks. It compares and mends, so
 * it may run twice at a time or not at all for a while; a call that fails is not repeated, as the next minute is.
 */
export class Dispatcher extends Construct {
  readonly function: RoomFunction

  constructor(scope: Construct, id: string, { tables, sender, inputs }: DispatcherProps) {
    super(scope, id)
    const room = new RoomFunction(this, 'Function', {
      room: 'dispatcher',
      description: 'Makes the batch queue hold every batch that is not done',
      schema: dispatcherEnvironment,
      environment: {
        NOTICES_TABLE: tables.notices.tableName,
        BATCH_QUEUE_URL: sender.batchQueue.queueUrl,
        RATE_SHARE: String(inputs.share),
      },
      timeout: Duration.minutes(15),
      memoryMb: 512,
      retryAttempts: 0,
    })
    this.function = room
    tables.notices.grant(room, ...readItems, ...writeItems)
    sender.batchQueue.grantSendMessages(room)
    room.addToRolePolicy(readSendQuota())

    new Rule(this, 'EveryMinute', {
      description: 'Time to dispatch',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(room)],
    })
  }
}
