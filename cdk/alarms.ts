import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { METRIC_NAMESPACE } from '../functions/runtime/metric-names.ts'
import { alarmCatalogue } from './alarm-catalogue.ts'
import { type AlarmEntry, type AlarmSource, type AwsMetric, describeAlarm } from './alarm-entry.ts'
import type { StackInputs } from './inputs.ts'

/** The parts of the stack of which AWS itself has metrics. */
export interface Watched {
  readonly sender: IFunction
  readonly dispatcher: IFunction
  readonly api: HttpApi
  readonly senderDeadLetters: IQueue
  /** Undefined where there are no lanes. */
  readonly laneDeadLetters: IQueue | undefined
  readonly feedbackDeadLetters: IQueue
}

export interface AlarmsProps {
  readonly watched: Watched
  readonly inputs: StackInputs
}

/**
 * Every alarm of the catalogue, and where they go: one topic, mailed to the operator. What is watched comes first, so that the
 * dispatcher is called before anybody listens for it.
 */
export class Alarms extends Construct {
  readonly all: readonly Alarm[]

  constructor(scope: Construct, id: string, { watched, inputs }: AlarmsProps) {
    super(scope, id)
    const action = new SnsAction(this.addTopic(inputs))
    const metricOf = awsMetrics(watched)
    this.all = alarmCatalogue.flatMap(entry => {
      const { source } = entry
      const metric = source.kind === 'own' ? ownMetric(source, entry) : metricOf[source.of]?.(settingsOf(entry))
      if (metric === undefined) return []
      const alarm = this.addAlarm(entry, metric, inputs)
      alarm.addAlarmAction(action)
      return [alarm]
    })
  }

  private addAlarm(entry: AlarmEntry, metric: IMetric, { runbookUrl }: StackInputs): Alarm {
    const { threshold, periods = 1 } = entry
    return new Alarm(this, entry.id, {
      metric,
      alarmDescription: describeAlarm(entry, runbookUrl),
      threshold,
      evaluationPeriods: periods,
      comparisonOperator:
        entry.goesOff === 'below'
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: missingData[entry.whenMissing.treat],
    })
  }

  private addTopic({ alarmEmail }: StackInputs): Topic {
    const topic = new Topic(this, 'Topic', { enforceSSL: true })
    // A topic's policy replaces the one under which CloudWatch may publish by default.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    topic.addSubscription(new EmailSubscription(alarmEmail))
    new CfnOutput(this, 'Confirm', {
      value: `Confirm the subscription that AWS has mailed to ${alarmEmail}: until then no alarm reaches anybody.`,
    })
    return topic
  }
}

const missingData = {
  notBreaching: TreatMissingData.NOT_BREACHING,
  breaching: TreatMissingData.BREACHING,
  ignore: TreatMissingData.IGNORE,
}

interface MetricSettings {
  readonly statistic: string
  readonly period: Duration
}

function settingsOf({ statistic, periodMinutes }: AlarmEntry): MetricSettings {
  return { statistic, period: Duration.minutes(periodMinutes) }
}

function ownMetric({ service, name, reason }: Extract<AlarmSource, { kind: 'own' }>, entry: AlarmEntry): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: name,
    dimensionsMap: { service, ...(reason !== undefined && { reason }) },
    ...settingsOf(entry),
  })
}

type MetricOf = (settings: MetricSettings) => IMetric

/** Undefined: the stack has no such part. */
function awsMetrics(watched: Watched): Readonly<Record<AwsMetric, MetricOf | undefined>> {
  const { sender, dispatcher, api, senderDeadLetters, laneDeadLetters, feedbackDeadLetters } = watched
  const visible =
    (queue: IQueue): MetricOf =>
    settings =>
      queue.metricApproximateNumberOfMessagesVisible(settings)
  return {
    'errors of the sender': settings => sender.metricErrors(settings),
    'errors of the dispatcher': settings => dispatcher.metricErrors(settings),
    'server errors of the API': settings => api.metricServerError(settings),
    'dead letters of the sender': visible(senderDeadLetters),
    'dead letters of the lanes': laneDeadLetters && visible(laneDeadLetters),
    'dead letters of the feedback': visible(feedbackDeadLetters),
    'bounce rate of the account': settings => reputation('BounceRate', settings),
    'complaint rate of the account': settings => reputation('ComplaintRate', settings),
  }
}

/** Of the whole account in this region: it is the account that SES pauses. */
export function reputation(rate: 'BounceRate' | 'ComplaintRate', settings: MetricSettings): Metric {
  return new Metric({ namespace: 'AWS/SES', metricName: `Reputation.${rate}`, ...settings })
}
