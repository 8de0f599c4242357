/** A rate, in recipients a second, that was granted from a moment on. */
export interface GrantedRate {
  readonly atMs: number
  readonly ratePerSecond: number
}

/**
 * What was granted when, so that a report can tell how much of it was used also across a change of the quota. A change that is
 * recorded again, by a retry or by another dispatcher, is one change.
 */
export interface GrantedRates {
  /** The last changes, oldest first. */
  read(): Promise<readonly GrantedRate[]>
  record(ratePerSecond: number, nowMs: number): Promise<void>
}

const KEPT = 50
/** The oldest rate that is known is taken to have been in force for so long before it was first written down. */
const UNREAD_MS = 60_000
/** A rate is a sum over lanes, whose last digits come and go with their parts. */
const ROUNDING = 1e-9

/** The changes with one more; the same ones when the rate is unchanged. Time does not run back, even where clocks disagree. */
export function withRate(rates: readonly GrantedRate[], ratePerSecond: number, nowMs: number): readonly GrantedRate[] {
  const last = rates.at(-1)
  if (last !== undefined && Math.abs(last.ratePerSecond - ratePerSecond) <= ROUNDING * ratePerSecond) return rates
  return [...rates, { atMs: Math.max(nowMs, last?.atMs ?? nowMs), ratePerSecond }].slice(-KEPT)
}

/** The slots that were granted between two moments, with fractions. Undefined when that lies before all that is known. */
export function slotsBetween(rates: readonly GrantedRate[], fromMs: number, toMs: number): number | undefined {
  const oldest = rates[0]
  if (oldest === undefined || fromMs < oldest.atMs - UNREAD_MS) return undefined
  let slots = 0
  for (const [index, { atMs, ratePerSecond }] of rates.entries()) {
    const beginsMs = index === 0 ? fromMs : Math.max(fromMs, atMs)
    const endsMs = Math.min(toMs, rates[index + 1]?.atMs ?? toMs)
    slots += (Math.max(0, endsMs - beginsMs) / 1000) * ratePerSecond
  }
  return slots
}
