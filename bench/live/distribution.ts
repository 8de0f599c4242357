/** How measured values lie. Each figure is one of the values (nearest rank), so that none is better than what was seen. */
export interface Distribution {
  readonly count: number
  readonly min: number
  readonly median: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** Undefined when nothing was measured. */
export function distributionOf(values: readonly number[]): Distribution | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) return undefined
  const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? max
  return { count: sorted.length, min, median: rank(0.5), p90: rank(0.9), p99: rank(0.99), max }
}

export function writeDistribution(what: string, values: readonly number[], write: (value: number) => string): string {
  const found = distributionOf(values)
  if (found === undefined) return `${what}: nothing was measured`
  const { min, median, p90, p99, max } = found
  const figures = Object.entries({ min, median, p90, p99, max }).map(([name, value]) => `${name} ${write(value)}`)
  return `${what}: ${figures.join(', ')}`
}
