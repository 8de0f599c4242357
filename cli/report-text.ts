import type { ReportAnswer, StopReport } from './api-answers.ts'
import { count, counted, duration, instant, milliseconds, percent, perSecond } from './figures.ts'
import { writeLeak, writeRejections } from './leak-text.ts'
import { entry, writeCounts, writeHeading } from './notice-text.ts'
import { writePace } from './pace-text.ts'
import type { Paint } from './terminal.ts'
import { writeTimes } from './times-text.ts'

/** What became of a notice, as text that an operator can read and keep. */
export function writeReport(report: ReportAnswer, paint: Paint): string {
  return [
    writeHeading(report, paint),
    ...(report.leak === undefined ? [] : [paint('red', writeLeak(report.leak))]),
    writeCounts(report, paint),
    ...writeRemarkable(report),
    ...writeRejections(report.leakGuard),
    ...(report.stop === undefined ? [] : [entry('Last stop', writeStop(report.stop))]),
    ...(report.audience === undefined ? [] : [writeAudience(report.audience)]),
    writeSpeed(report),
    ...(report.times === undefined ? [] : [writeTimes(report.times)]),
  ].join('\n\n')
}

/** What the fates do not show; nothing when there is nothing of it. */
function writeRemarkable({ bounced, complained, retryable, sentAgain, planned }: ReportAnswer): string[] {
  const rows: readonly [string, number][] = [
    ['bounced', bounced],
    ['complained', complained],
    ['retryable', retryable],
    ['sent again', sentAgain],
  ]
  if (rows.every(([, value]) => value === 0)) return []
  const width = count(planned).length
  return [rows.map(([label, value]) => entry(label, count(value).padStart(width))).join('\n')]
}

/** What went out around a stop. */
export function writeStop({ inFlight, after, lastCallAfterMs, batchesUnreported }: StopReport): string {
  const verb = inFlight === 1 ? 'was' : 'were'
  const last = lastCallAfterMs === undefined ? '' : `, the last ${(lastCallAfterMs / 1000).toFixed(2)} s after it`
  const late = after === 0 ? 'none went out after it' : `${count(after)} more went out${last}`
  const said = `${counted(inFlight, 'message')} ${verb} in flight; ${late}.`
  if (batchesUnreported === 0) return said
  const have = batchesUnreported === 1 ? 'has' : 'have'
  return `${said} ${counted(batchesUnreported, 'batch', 'batches')} ${have} not been told of yet.`
}

type AudienceCounts = Pick<
  NonNullable<ReportAnswer['audience']>,
  'rows' | 'recipients' | 'refusedRows' | 'refusedByReason'
>

export function writeAudience({ rows, recipients, refusedRows, refusedByReason }: AudienceCounts): string {
  const reasons = Object.entries(refusedByReason).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const width = Math.max(0, ...reasons.map(([reason]) => reason.length))
  const refused = reasons.map(
    ([reason, n]) => `  ${reason.padEnd(width)}  ${count(n).padStart(count(refusedRows).length)}`,
  )
  const sum = `${counted(rows, 'row')}: ${counted(recipients, 'recipient')}, ${count(refusedRows)} refused`
  return entry('Audience', sum, ...refused)
}

function writeSpeed(report: ReportAnswer): string {
  const { ratePerSecond, throttles, seconds, firstAcceptedAt, lastAcceptedAt } = report
  if (firstAcceptedAt === undefined || lastAcceptedAt === undefined) return entry('Speed', 'nothing was accepted yet')
  const pace = writePace(report)
  const stops = report.run > 1 ? ', pauses included' : ''
  const speed = seconds === 0 ? 'too few messages to measure' : `${perSecond(ratePerSecond)}${writeUse(report)}`
  return [
    entry('First accepted', instant(firstAcceptedAt)),
    entry('Last accepted', `${instant(lastAcceptedAt)}, ${duration(seconds)} later${stops}`),
    entry('Speed', `${speed}, ${throttles === 0 ? 'no throttles' : counted(throttles, 'throttle')}`),
    ...(pace === '' ? [] : [entry('Pace', pace)]),
    ...writeSenders(report),
  ].join('\n')
}

/** How much of the rate was used. Where the rate changed meanwhile, what was granted is an average. */
function writeUse({ ratePerSecond, limitPerSecond, utilisation }: ReportAnswer): string {
  if (utilisation === undefined || utilisation === 0) {
    return limitPerSecond === undefined ? '' : ` of ${perSecond(limitPerSecond)} granted`
  }
  return ` of ${perSecond(ratePerSecond / utilisation)} granted, utilisation ${percent(utilisation)}`
}

/** What a message cost in senders' time. */
function writeSenders({ idleMsPerMessage: idle, heldMsPerMessage: held }: ReportAnswer): string[] {
  if (idle === undefined || held === undefined) return []
  return [entry('Senders', `${milliseconds(held)} for each message, ${milliseconds(idle)} of it idle`)]
}
