import type { Window } from '../../functions/pacer/gcra.ts'

/** Less than any interval or rate can be off by, and more than the rounding of doubles. */
export const HAIR_US = 1e-3

/** Pairs of windows of which the second begins before the first is over. */
export function overlaps(windows: readonly Window[]): readonly (readonly [Window, Window])[] {
  const sorted = windows.toSorted((a, b) => a.startUs - b.startUs)
  return sorted.flatMap((window, index) => {
    const next = sorted[index + 1]
    const ends = window.slots * window.intervalUs - HAIR_US
    return next !== undefined && next.startUs - window.startUs < ends ? [[window, next] as const] : []
  })
}

/** When each slot of a window comes, counted from `originUs`, for doubles of the time since 1970 have no fine fractions. */
export function slotTimes({ startUs, intervalUs, slots }: Window, originUs: number): readonly number[] {
  return Array.from({ length: slots }, (_, slot) => startUs - originUs + slot * intervalUs)
}

/** Each second that begins with one of these moments, and how many of them it has. */
export function seconds(timesUs: readonly number[]): readonly { readonly fromUs: number; readonly count: number }[] {
  const sorted = timesUs.toSorted((a, b) => a - b)
  let end = 0
  return sorted.map((fromUs, index) => {
    while ((sorted[end] ?? Number.POSITIVE_INFINITY) < fromUs + 1_000_000 - HAIR_US) end++
    return { fromUs, count: end - index }
  })
}
