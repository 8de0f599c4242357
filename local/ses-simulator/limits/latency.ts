import type { Uniform } from './seeded-random.ts'

export interface LatencySettings {
  readonly latencyMedianMs: number
  readonly latencyP99Ms: number
}

/** The 99th percentile of the standard normal distribution. */
const Z_99 = 2.3263478740408408

/** How long SES takes to answer: log-normal, so that ln(latency) is normal around ln(median). */
export function drawLatencyMs({ latencyMedianMs, latencyP99Ms }: LatencySettings, uniform: Uniform): number {
  if (latencyMedianMs === 0) return 0
  const sigma = Math.log(latencyP99Ms / latencyMedianMs) / Z_99
  return latencyMedianMs * Math.exp(sigma * drawNormal(uniform))
}

/** Box and Muller. */
function drawNormal(uniform: Uniform): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
  return radius * Math.cos(2 * Math.PI * uniform())
}
