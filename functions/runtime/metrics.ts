import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics'
import { METRIC_NAMESPACE, type MeteredRoom, type MetricName } from './metric-names.ts'

/** What is no number of things. The times are sums over claims, several of which a sender may hold at once. */
const units: Partial<Record<MetricName, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  SenderIdle: MetricUnit.Milliseconds,
  SenderHeld: MetricUnit.Milliseconds,
  AccountRate: MetricUnit.CountPerSecond,
  GrantedRate: MetricUnit.CountPerSecond,
  QuotaUsed: MetricUnit.Percent,
}

/** Dimensions beside `service`: only such as have few values, since each combination is a metric of its own. */
export type MetricDimensions = Readonly<Record<string, string>>

/** A port, so that tests and the simulator can read what an alarm would see. */
export interface Metrics {
  count(name: MetricName, value: number, dimensions?: MetricDimensions): void
  /** Writes what was counted since the last time. */
  flush(): void
}

/** Metrics as lines of EMF on stdout, from which CloudWatch makes metrics. */
export function createMetrics(serviceName: MeteredRoom): Metrics {
  const metrics = new PowertoolsMetrics({ namespace: METRIC_NAMESPACE, serviceName })
  return {
    count: (name, value, dimensions) => {
      if (value <= 0) return
      // All metrics of a line have its dimensions, so one with dimensions of its own is a line of its own.
      const line = dimensions === undefined ? metrics : metrics.singleMetric()
      for (const [dimension, of] of Object.entries(dimensions ?? {})) line.addDimension(dimension, of)
      line.addMetric(name, units[name] ?? MetricUnit.Count, value)
    },
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
    },
  }
}
