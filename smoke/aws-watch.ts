import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricStatisticsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch'
import { METRIC_NAMESPACE } from '../functions/runtime/metric-names.ts'
import { askAws } from './aws-failure.ts'
import type { AlarmReading, Watch } from './ports.ts'

const MINUTE_MS = 60_000
/** CloudWatch takes no more names at once. */
const MOST_NAMES = 100

/** Alarms, dashboards and metrics as CloudWatch has them. Reads only. */
export function cloudWatch(client: CloudWatchClient, now: () => number): Watch {
  const ask = <T>(question: () => Promise<T>) => askAws('CloudWatch', question)
  return {
    readAlarms: names =>
      ask(async () => {
        const found: AlarmReading[] = []
        for (let from = 0; from < names.length; from += MOST_NAMES) {
          const AlarmNames = names.slice(from, from + MOST_NAMES)
          const { MetricAlarms = [] } = await client.send(
            new DescribeAlarmsCommand({ AlarmNames, MaxRecords: MOST_NAMES }),
          )
          found.push(...MetricAlarms.map(readingOf))
        }
        return found
      }),
    dashboardExists: name =>
      ask(async () => {
        try {
          await client.send(new GetDashboardCommand({ DashboardName: name }))
          return true
        } catch (error) {
          if (error instanceof Error && /NotFound/.test(error.name)) return false
          throw error
        }
      }),
    sumSince: (room, metric, sinceMs) =>
      ask(async () => {
        const { Datapoints = [] } = await client.send(
          new GetMetricStatisticsCommand({
            Namespace: METRIC_NAMESPACE,
            MetricName: metric,
            Dimensions: [{ Name: 'service', Value: room }],
            StartTime: new Date(Math.floor(sinceMs / MINUTE_MS) * MINUTE_MS),
            EndTime: new Date(Math.ceil(now() / MINUTE_MS) * MINUTE_MS),
            Period: 60,
            Statistics: ['Sum'],
          }),
        )
        return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0)
      }),
  }
}

function readingOf({ AlarmName = '', StateValue, StateReason = '', ActionsEnabled, AlarmActions = [] }: MetricAlarm) {
  return {
    name: AlarmName,
    state: StateValue ?? 'INSUFFICIENT_DATA',
    reason: StateReason,
    tells: ActionsEnabled === true && AlarmActions.length > 0,
  }
}
