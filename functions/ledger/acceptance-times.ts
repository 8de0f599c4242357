import * as z from 'zod'

/** The messages of one locale that SES accepted: how many, and between which whole milliseconds their calls began. */
const acceptanceSpanSchema = z.strictObject({
  count: z.number().int().positive(),
  firstMs: z.number().int(),
  lastMs: z.number().int(),
})
export type AcceptanceSpan = z.infer<typeof acceptanceSpanSchema>

/** Of one batch over all its claims, by the locale of the variant that was really sent. */
export const acceptancesSchema = z.record(z.string(), acceptanceSpanSchema)
export type Acceptances = Readonly<Record<string, AcceptanceSpan>>

export function addAcceptance(acceptances: Acceptances, locale: string, atMs: number): Acceptances {
  const ms = Math.round(atMs)
  const { count, firstMs, lastMs } = acceptances[locale] ?? { count: 0, firstMs: ms, lastMs: ms }
  const span = { count: count + 1, firstMs: Math.min(firstMs, ms), lastMs: Math.max(lastMs, ms) }
  return { ...acceptances, [locale]: span }
}

/** When recipients were told: the first, half of them, 99 of a hundred, the last. */
export interface AcceptanceTimes {
  readonly count: number
  readonly firstMs: number
  readonly medianMs: number
  readonly p99Ms: number
  readonly lastMs: number
}

/** Collects the times of a notice, batch row by batch row. */
export interface AcceptanceCollector {
  addTimes(row: { readonly acceptances: Acceptances }): void
  /** Undefined while nothing was accepted. */
  overall(): AcceptanceTimes | undefined
  byLocale(): Readonly<Record<string, AcceptanceTimes>>
}

/** Spans in three arrays of numbers: ten million recipients in ten locales take some 24 MB at the most. */
interface Spans {
  readonly counts: number[]
  readonly firstsMs: number[]
  readonly lastsMs: number[]
}

/**
 * Takes the acceptances of a batch and locale as evenly spread between their first and their last: exact to a slot while a
 * batch has one claim; one that was given back and taken up later counts as if it had gone on in between.
 */
export function collectAcceptances(): AcceptanceCollector {
  const spansOf = new Map<string, Spans>()
  return {
    addTimes: ({ acceptances }) => {
      for (const [locale, { count, firstMs, lastMs }] of Object.entries(acceptances)) {
        const spans = spansOf.get(locale) ?? { counts: [], firstsMs: [], lastsMs: [] }
        spansOf.set(locale, spans)
        spans.counts.push(count)
        spans.firstsMs.push(firstMs)
        spans.lastsMs.push(lastMs)
      }
    },
    overall: () => (spansOf.size === 0 ? undefined : timesOf([...spansOf.values()])),
    byLocale: () =>
      Object.fromEntries(
        [...spansOf].sort(([a], [b]) => (a < b ? -1 : 1)).map(([locale, spans]) => [locale, timesOf([spans])]),
      ),
  }
}

function timesOf(all: readonly Spans[]): AcceptanceTimes {
  let count = 0
  let firstMs = Number.POSITIVE_INFINITY
  let lastMs = Number.NEGATIVE_INFINITY
  for (const { counts, firstsMs, lastsMs } of all) {
    for (const more of counts) count += more
    for (const ms of firstsMs) firstMs = Math.min(firstMs, ms)
    for (const ms of lastsMs) lastMs = Math.max(lastMs, ms)
  }
  const percentile = (percent: number) => whenReached(all, Math.ceil((count * percent) / 100), firstMs, lastMs)
  return { count, firstMs, medianMs: percentile(50), p99Ms: percentile(99), lastMs }
}

/** The first whole millisecond by which so many were accepted, by halving the time between the first and the last. */
function whenReached(all: readonly Spans[], wanted: number, firstMs: number, lastMs: number): number {
  let [early, late] = [firstMs, lastMs]
  while (early < late) {
    const middle = early + Math.floor((late - early) / 2)
    if (acceptedBy(all, middle) >= wanted) late = middle
    else early = middle + 1
  }
  return late
}

function acceptedBy(all: readonly Spans[], timeMs: number): number {
  let accepted = 0
  for (const { counts, firstsMs, lastsMs } of all) {
    for (const [index, count] of counts.entries()) {
      const firstMs = firstsMs[index] ?? 0
      const lastMs = lastsMs[index] ?? 0
      if (timeMs >= lastMs) accepted += count
      else if (timeMs >= firstMs) accepted += 1 + Math.floor(((timeMs - firstMs) * (count - 1)) / (lastMs - firstMs))
    }
  }
  return accepted
}
