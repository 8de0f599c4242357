/** What SES saw of one notice. */
export interface AcceptanceFigures {
  readonly accepted: number
  /** From the first acceptance to the last. */
  readonly seconds: number
  /** Acceptances after the first, over those that the rate allows until the last. */
  readonly utilisation: number
  readonly worstGapMs: number
  /** Acceptances in any 100 ms, and in any second. */
  readonly mostIn100Ms: number
  readonly mostInASecond: number
}

/** From the moments at which messages were accepted, in any order. Undefined when there were fewer than two. */
export function acceptanceFigures(timesMs: readonly number[], ratePerSecond: number): AcceptanceFigures | undefined {
  const sorted = timesMs.toSorted((a, b) => a - b)
  const [first] = sorted
  const last = sorted.at(-1)
  if (first === undefined || last === undefined || last === first) return undefined
  const seconds = (last - first) / 1000
  const gaps = sorted.slice(1).map((timeMs, index) => timeMs - (sorted[index] ?? timeMs))
  return {
    accepted: sorted.length,
    seconds,
    utilisation: (sorted.length - 1) / (seconds * ratePerSecond),
    worstGapMs: gaps.reduce((worst, gap) => Math.max(worst, gap), 0),
    mostIn100Ms: mostWithin(sorted, 100),
    mostInASecond: mostWithin(sorted, 1_000),
  }
}

/** The most of these ascending moments that lie less than `spanMs` apart. */
function mostWithin(sorted: readonly number[], spanMs: number): number {
  let most = 0
  let from = 0
  for (const [index, timeMs] of sorted.entries()) {
    while (timeMs - (sorted[from] ?? timeMs) >= spanMs) from += 1
    most = Math.max(most, index - from + 1)
  }
  return most
}
