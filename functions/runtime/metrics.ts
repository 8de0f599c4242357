import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics'

/** Every metric that OnlyTo emits, in the namespace `OnlyTo` with the one dimension `service`: no notice, no recipient. */
export type MetricName =
  | 'Accepted'
  | 'Failed'
  | 'InDoubt'
  | 'LeakGuardRejections'
  | 'SesThrottles'
  | 'NoticesStoppedBySender'
  | 'BatchesDispatched'
  | 'Bounces'
  | 'Complaints'

/** A port, so that tests and the simulator can read what an alarm would see. */
export interface Metrics {
  count(name: MetricName, value: number): void
  /** Writes what was counted since the last time. */
  flush(): void
}

/** Metrics as lines of EMF on stdout, from which CloudWatch makes metrics. */
export function createMetrics(serviceName: string): Metrics {
  const metrics = new PowertoolsMetrics({ namespace: 'OnlyTo', serviceName })
  return {
    count: (name, value) => {
      if (value > 0) metrics.addMetric(name, MetricUnit.Count, value)
    },
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
    },
  }
}
