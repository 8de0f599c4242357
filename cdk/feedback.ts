import { Duration } from 'aws-cdk-lib'
import { ConfigurationSet, EmailSendingEvent, EventDestination } from 'aws-cdk-lib/aws-ses'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { feedbackEnvironment } from '../functions/feedback/env.ts'
import type { StackInputs } from './inputs.ts'
import { RoomFunction } from './room-function.ts'
import { RoomQueue } from './room-queue.ts'
import type { Tables } from './tables.ts'

export interface FeedbackProps {
  readonly tables: Tables
  readonly inputs: StackInputs
}

/**
 * The way back from SES: configuration set, topic, queue, function. SNS rather than EventBridge, which delivers SES's events
 * only at best effort. Events come at least once and in any order; each is recorded as a fact that repeats harmlessly.
 *
 * SES writes the recipient into each event: beside the bucket, this queue and its dead letters are where an address may lie.
 */
export class Feedback extends Construct {
  readonly configurationSet: ConfigurationSet
  readonly deadLetters: IQueue

  constructor(scope: Construct, id: string, { tables, inputs }: FeedbackProps) {
    super(scope, id)
    // Short, since the events of a call that dies come again only after six times as long: before a doubt has settled.
    const timeout = Duration.seconds(10)
    const queue = new RoomQueue(this, 'Events', {
      functionTimeout: timeout,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      maxConcurrency: callsAtOnce(inputs.rate),
    })
    const room = new RoomFunction(this, 'Function', {
      room: 'feedback',
      description: 'Records what SES says became of each message',
      schema: feedbackEnvironment,
      environment: {
        NOTICES_TABLE: tables.notices.tableName,
        DELIVERIES_TABLE: tables.deliveries.tableName,
        DELIVERY_RETENTION_DAYS: String(inputs.retentionDays),
      },
      timeout,
      memoryMb: 512,
    })
    this.deadLetters = queue.deadLetters
    queue.feed(room)
    tables.letChangeNotices(room)
    tables.letChangeDeliveries(room)

    const events = new Topic(this, 'Topic', { enforceSSL: true })
    events.addSubscription(new SqsSubscription(queue.queue, { rawMessageDelivery: true }))
    this.configurationSet = new ConfigurationSet(this, 'ConfigurationSet', { reputationMetrics: true })
    this.configurationSet.addEventDestination('ToTopic', {
      destination: EventDestination.snsTopic(events),
      events: [
        EmailSendingEvent.SEND,
        EmailSendingEvent.REJECT,
        EmailSendingEvent.BOUNCE,
        EmailSendingEvent.COMPLAINT,
        EmailSendingEvent.DELIVERY,
        EmailSendingEvent.DELIVERY_DELAY,
      ],
    })
  }
}

/** A message makes two events. A hundred of them are one call, which takes a quarter of a second; five carry an account of 1,000. */
function callsAtOnce(ratePerSecond: number): number {
  return Math.max(5, Math.ceil(((2 * ratePerSecond) / 100) * 0.25))
}
