import { drawLatencyMs, type LatencySettings } from '../../local/ses-simulator/limits/latency.ts'
import type { SeededRandom } from '../../test/simulation/seeded-random.ts'

/** Log-normal, median and 99th percentile in milliseconds, from request to answer. SES takes its time after the way to it. */
export const latencies = {
  dynamodb: { latencyMedianMs: 5, latencyP99Ms: 20 },
  s3: { latencyMedianMs: 25, latencyP99Ms: 120 },
  sqs: { latencyMedianMs: 8, latencyP99Ms: 40 },
  kms: { latencyMedianMs: 10, latencyP99Ms: 60 },
  lambda: { latencyMedianMs: 15, latencyP99Ms: 80 },
  ses: { latencyMedianMs: 80, latencyP99Ms: 400 },
} as const satisfies Record<string, LatencySettings>

/** From a sender's socket to the limit of SES: what makes evenly sent calls arrive unevenly. */
export const wayToSes: LatencySettings = { latencyMedianMs: 2, latencyP99Ms: 10 }

export function drawMs(settings: LatencySettings, random: SeededRandom): number {
  return drawLatencyMs(settings, random.next)
}
