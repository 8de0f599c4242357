import { Duration } from 'aws-cdk-lib'
import { GraphWidget, type IMetric, type IWidget, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { stallReasonNames } from '../functions/notice/stall-reasons.ts'
import { METRIC_NAMESPACE, type MeteredRoom, type metricsOf } from '../functions/runtime/metric-names.ts'
import { reputation, type Watched } from './alarms.ts'
import { SENDER_MEMORY_MB } from './sender.ts'
import type { Tables } from './tables.ts'

/** What a GB-second on Lambda's ARM processors costs in most regions: aws.amazon.com/lambda/pricing, 2026. */
const USD_PER_GB_SECOND = 0.0000133334

interface Shown {
  readonly watched: Watched
  readonly tables: Tables
}

/** Of all notices together: a line for each notice would be a metric for each, without end. */
export function dashboardGraphs({ watched, tables }: Shown): readonly IWidget[] {
  const { sender, dispatcher, feedbackDeadLetters, senderDeadLetters, laneDeadLetters } = watched
  return [
    graph('Progress: recipients a minute, and how many are left', {
      left: [own('sender', 'Accepted'), own('sender', 'Failed'), own('dispatcher', 'BatchesDispatched')],
      right: [own('dispatcher', 'Unsent', 'Maximum')],
    }),
    graph('Rate against limit: recipients a second', {
      left: [
        new MathExpression({
          expression: 'accepted / PERIOD(accepted)',
          usingMetrics: { accepted: own('sender', 'Accepted') },
          label: 'accepted',
          period: minute,
        }),
        own('dispatcher', 'GrantedRate', 'Average'),
        own('dispatcher', 'AccountRate', 'Maximum'),
      ],
      right: [own('sender', 'SesThrottles')],
    }),
    graph('In flight', {
      left: [own('dispatcher', 'InFlight', 'Maximum')],
      right: [named(sender.metric('ConcurrentExecutions', { statistic: 'Maximum', period: minute }), 'senders')],
    }),
    graph('Doubt and refusals', {
      left: [
        own('sender', 'InDoubt'),
        own('sender', 'LeakGuardRejections'),
        own('sender', 'NoticesStoppedBySender'),
        own('sender', 'BatchFailures'),
        own('sender', 'PacerFailures'),
      ],
    }),
    graph('Bounces and complaints', {
      left: [own('feedback', 'Bounces'), own('feedback', 'Complaints')],
      right: (['BounceRate', 'ComplaintRate'] as const).map(rate =>
        reputation(rate, { statistic: 'Average', period: Duration.minutes(15) }),
      ),
    }),
    graph('24-hour quota: percent used, recipients short', {
      left: [own('dispatcher', 'QuotaUsed', 'Maximum')],
      right: [own('dispatcher', 'QuotaShort', 'Maximum')],
    }),
    graph('What idle senders cost', {
      left: [idlePercent()],
      right: [
        new MathExpression({
          expression: `duration / 1000 * ${SENDER_MEMORY_MB / 1024} * ${USD_PER_GB_SECOND} * idle / held`,
          usingMetrics: {
            duration: sender.metricDuration({ statistic: 'Sum', period: minute }),
            idle: own('sender', 'SenderIdle'),
            held: own('sender', 'SenderHeld'),
          },
          label: 'USD a minute',
          period: minute,
        }),
      ],
    }),
    graph('No progress, by reason', {
      left: stallReasonNames.map(reason => named(own('dispatcher', 'NoProgress', 'Sum', { reason }), reason)),
    }),
    graph('Functions and tables', {
      left: [
        named(sender.metricErrors({ statistic: 'Sum', period: minute }), 'sender errors'),
        named(dispatcher.metricErrors({ statistic: 'Sum', period: minute }), 'dispatcher errors'),
        ...[tables.notices, tables.deliveries].flatMap(table =>
          ['ReadThrottleEvents', 'WriteThrottleEvents'].map(name =>
            named(table.metric(name, { statistic: 'Sum', period: minute }), `${table.node.id} ${name}`),
          ),
        ),
      ],
      right: [own('dispatcher', 'Heartbeat')],
    }),
    graph('Dead letters', {
      left: [
        deadLetters(senderDeadLetters, 'sender'),
        ...(laneDeadLetters === undefined ? [] : [deadLetters(laneDeadLetters, 'lanes')]),
        deadLetters(feedbackDeadLetters, 'feedback'),
      ],
    }),
  ]
}

const minute = Duration.minutes(1)

function graph(title: string, { left, right = [] }: { left: readonly IMetric[]; right?: readonly IMetric[] }): IWidget {
  return new GraphWidget({ title, width: 12, height: 6, left: [...left], right: [...right], leftYAxis: { min: 0 } })
}

function own<Service extends MeteredRoom>(
  service: Service,
  metricName: (typeof metricsOf)[Service][number],
  statistic: 'Sum' | 'Maximum' | 'Average' = 'Sum',
  dimensions: Readonly<Record<string, string>> = {},
): Metric {
  const dimensionsMap = { service, ...dimensions }
  return new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap, statistic, period: minute })
}

function named(metric: Metric, label: string): Metric {
  return metric.with({ label })
}

/** Both are sums over the batches that a sender holds, several at a time, so only their ratio says something. */
function idlePercent(): MathExpression {
  const usingMetrics = { idle: own('sender', 'SenderIdle'), held: own('sender', 'SenderHeld') }
  return new MathExpression({ expression: '100 * idle / held', usingMetrics, label: 'idle, percent', period: minute })
}

function deadLetters(queue: IQueue, label: string): Metric {
  const settings = { statistic: 'Maximum', period: minute }
  return named(queue.metricApproximateNumberOfMessagesVisible(settings), label)
}
