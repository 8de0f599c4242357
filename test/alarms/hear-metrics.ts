import { vi } from 'vitest'
import type { MeteredRoom } from '../../functions/runtime/metric-names.ts'
import { createMetrics, type Metrics } from '../../functions/runtime/metrics.ts'
import { type MetricSample, metricSamples } from '../../local/runtime/alarm-samples.ts'

/** The metrics of the functions themselves, and what CloudWatch would read in the lines that they print, at the times of a clock. */
export interface Heard {
  metricsOf(service: MeteredRoom): Metrics
  readonly samples: readonly MetricSample[]
}

export function hearMetrics(clock: { now(): number }): Heard {
  const samples: MetricSample[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    for (const line of String(text).split('\n')) {
      samples.push(...metricSamples(line).map(sample => ({ ...sample, atMs: clock.now() })))
    }
    return true
  })
  return { metricsOf: createMetrics, samples }
}
