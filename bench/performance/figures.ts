import type { RateFrom } from './ses-limit.ts'

/** Slots that an account granted between two moments. */
export function slotsBetween(rates: readonly RateFrom[], fromMs: number, toMs: number): number {
  return rates.reduce((slots, { atMs, ratePerSecond }, index) => {
    const begin = Math.max(fromMs, atMs)
    const end = Math.min(toMs, rates[index + 1]?.atMs ?? Number.POSITIVE_INFINITY)
    return end > begin ? slots + ((end - begin) / 1000) * ratePerSecond : slots
  }, 0)
}

/** How long so many recipients take at the least, from a moment on, at what the account granted. */
export function leastSeconds(rates: readonly RateFrom[], recipients: number, fromMs: number): number {
  let left = recipients
  let seconds = 0
  for (const [index, { atMs, ratePerSecond }] of rates.entries()) {
    const begin = Math.max(fromMs, atMs)
    const end = rates[index + 1]?.atMs ?? Number.POSITIVE_INFINITY
    if (end <= begin) continue
    const fit = Math.min(left, ((end - begin) / 1000) * ratePerSecond)
    left -= fit
    seconds += fit / ratePerSecond
  }
  return seconds
}

/** Of what SES granted from the first acceptance to the last, and others did not use, the part that was used. */
export function utilisationOf(
  acceptedAtMs: readonly number[],
  rates: readonly RateFrom[],
  othersAtMs: readonly number[] = [],
): number {
  const [first, last] = [acceptedAtMs[0], acceptedAtMs.at(-1)]
  if (first === undefined || last === undefined || last === first) return 0
  const others = othersAtMs.filter(atMs => atMs >= first && atMs <= last).length
  return (acceptedAtMs.length - 1) / (slotsBetween(rates, first, last) - others)
}

/** The most that fell into any second. The times are in order. */
export function mostInASecond(timesMs: readonly number[]): number {
  let most = 0
  let oldest = 0
  for (const [index, timeMs] of timesMs.entries()) {
    while ((timesMs[oldest] ?? timeMs) <= timeMs - 1000) oldest++
    most = Math.max(most, index - oldest + 1)
  }
  return most
}

/** Nearest rank, of values in order. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
