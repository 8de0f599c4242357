import * as z from 'zod'
import type { AcceptanceCollector, AcceptanceTimes } from '../ledger/acceptance-times.ts'

const ms = (description: string) => z.number().meta({ description })

const timesShape = {
  firstMs: ms('The first recipient.'),
  medianMs: ms('Half of the recipients.'),
  p99Ms: ms('99 of a hundred.'),
  lastMs: ms('The last one so far.'),
}

/** When customers were told: whether some heard long before others. */
export const reportTimesSchema = z
  .object({
    ...timesShape,
    locales: z
      .array(z.object({ locale: z.string(), accepted: z.number().int(), ...timesShape }))
      .meta({ description: 'The same for each locale, by the variant that was sent.' }),
  })
  .meta({ id: 'ReportTimes', description: 'Milliseconds from the start until SES had accepted the messages to …' })
export type ReportTimes = z.infer<typeof reportTimesSchema>

/** Counted from the start; senders' clocks may differ from the API's by a little, but nobody was told before it. */
export function viewTimes(collected: AcceptanceCollector, startedAtMs: number | undefined): ReportTimes | undefined {
  const overall = collected.overall()
  if (overall === undefined || startedAtMs === undefined) return undefined
  const locales = Object.entries(collected.byLocale()).map(([locale, times]) => ({
    ...{ locale, accepted: times.count },
    ...since(startedAtMs, times),
  }))
  return { ...since(startedAtMs, overall), locales }
}

function since(startedAtMs: number, { firstMs, medianMs, p99Ms, lastMs }: AcceptanceTimes) {
  const from = (atMs: number) => Math.max(0, Math.round(atMs - startedAtMs))
  return { firstMs: from(firstMs), medianMs: from(medianMs), p99Ms: from(p99Ms), lastMs: from(lastMs) }
}
