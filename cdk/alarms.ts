import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import type { StackInputs } from './inputs.ts'

export interface AlarmsProps {
  readonly inputs: StackInputs
}

export interface EventAlarm {
  readonly metric: IMetric
  /** What is wrong, and what to do: all that the person who is woken has. */
  readonly description: string
  /** Minutes in a row in which it must have happened; 1 unless given. */
  readonly minutes?: number
}

/** Where alarms go: one topic, mailed to the operator. Rooms raise their own alarms here. */
export class Alarms extends Construct {
  private readonly topic: Topic

  constructor(scope: Construct, id: string, { inputs }: AlarmsProps) {
    super(scope, id)
    this.topic = new Topic(this, 'Topic', { enforceSSL: true })
    // A topic's policy replaces the one under which CloudWatch may publish by default.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    this.topic.addSubscription(new EmailSubscription(inputs.alarmEmail))
    new CfnOutput(this, 'Confirm', {
      value: `Confirm the subscription that AWS has mailed to ${inputs.alarmEmail}: until then no alarm reaches anybody.`,
    })
  }

  /** Alarms when something that should never happen has happened once, or goes on for minutes. No data means that nothing has happened. */
  onFirst(room: Construct, id: string, { metric, description, minutes = 1 }: EventAlarm): void {
    const alarm = new Alarm(room, id, {
      metric,
      alarmDescription: description,
      threshold: 1,
      evaluationPeriods: minutes,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(new SnsAction(this.topic))
  }
}

/** Metrics are looked at minute by minute: a notice at 1,000 messages a second can do much harm in five. */
export const alarmPeriod = Duration.minutes(1)
