import type { StopReason } from '../functions/notice/notice.ts'
import { assertNever } from '../functions/runtime/assert-never.ts'
import type { Counts, ReportAnswer, StatusAnswer, StopReport } from './api-answers.ts'
import { count, counted, duration, instant, percent, perSecond } from './figures.ts'
import type { Paint } from './terminal.ts'

const LABEL_WIDTH = 16
/** A label and what it says, in columns; further values stand below the first. */
export function entry(label: string, ...values: readonly string[]): string {
  return values.map((value, index) => `${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}${value}`.trimEnd()).join('\n')
}

/** What became of a notice, as text that an operator can read and keep. */
export function writeReport(report: ReportAnswer, paint: Paint): string {
  return [
    writeHeading(report, paint),
    writeCounts(report, paint),
    ...writeRemarkable(report),
    ...(report.stop === undefined ? [] : [entry('Last stop', writeStop(report.stop))]),
    ...(report.audience === undefined ? [] : [writeAudience(report.audience)]),
    writeSpeed(report),
  ].join('\n\n')
}

export function writeStatus(status: StatusAnswer, paint: Paint): string {
  const { batches, state, secondsLeft, ratePerSecond, limitPerSecond, stall } = status
  const limit = limitPerSecond === undefined ? '' : `, limit ${perSecond(limitPerSecond)}`
  const left =
    state === 'sending' && stall === undefined && secondsLeft !== undefined
      ? [entry('Left', `about ${duration(secondsLeft)}`)]
      : []
  const figures = [
    entry('Batches', `${count(batches.done)} of ${count(batches.planned)} done`),
    entry('Speed', `${perSecond(ratePerSecond)} since the start${limit}`),
    ...left,
    ...(stall === undefined
      ? []
      : [entry('No progress', `since ${instant(stall.since)}. ${stall.wrong} ${stall.remedy}`)]),
  ]
  return [writeHeading(status, paint), writeCounts(status, paint), figures.join('\n')].join('\n\n')
}

type Heading = Pick<ReportAnswer, 'name' | 'noticeId' | 'state' | 'run' | 'stopReason'>

function writeHeading({ name, noticeId, state, run, stopReason }: Heading, paint: Paint): string {
  const reason = state === 'stopped' && stopReason !== undefined ? ` (${explainStop(stopReason)})` : ''
  const resumed = run > 1 ? `, run ${run}` : ''
  return `${paint('bold', name)}\n${noticeId}, ${state}${reason}${resumed}`
}

export function explainStop(reason: StopReason): string {
  switch (reason.kind) {
    case 'operator':
      return `by ${reason.by}`
    case 'leak-guard':
      return `by the leak guard: rule ${reason.rule}, in ${reason.field}`
    case 'ses':
      return `by SES: ${reason.error}`
    default:
      return assertNever(reason)
  }
}

function writeCounts(counts: Counts, paint: Paint): string {
  const rows: readonly [string, number, Parameters<Paint>[0]][] = [
    ['accepted', counts.accepted, 'green'],
    ['rejected', counts.rejected, 'red'],
    ['failed', counts.failed, 'red'],
    ['suppressed', counts.suppressed, 'yellow'],
    ['in doubt', counts.inDoubt, 'yellow'],
    ['pending', counts.pending, 'yellow'],
  ]
  const width = count(counts.planned).length
  const line = (label: string, value: number) => entry(label, count(value).padStart(width))
  const share = (value: number) => (value === 0 ? '' : `  ${percent(value / counts.planned).padStart(8)}`)
  const fates = rows.map(([label, value, format]) => {
    const text = `${line(label, value)}${share(value)}`
    return value === 0 ? paint('dim', text) : paint(format, text)
  })
  return [line('planned', counts.planned), ...fates].join('\n')
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
  const { ratePerSecond, limitPerSecond, utilisation, throttles, seconds, firstAcceptedAt, lastAcceptedAt } = report
  if (firstAcceptedAt === undefined || lastAcceptedAt === undefined) return entry('Speed', 'nothing was accepted yet')
  const limit = limitPerSecond === undefined ? '' : ` of ${perSecond(limitPerSecond)} granted`
  const used = utilisation === undefined ? '' : `, utilisation ${percent(utilisation)}`
  const stops = report.run > 1 ? ', pauses included' : ''
  const speed = seconds === 0 ? 'too few messages to measure' : `${perSecond(ratePerSecond)}${limit}${used}`
  return [
    entry('First accepted', instant(firstAcceptedAt)),
    entry('Last accepted', `${instant(lastAcceptedAt)}, ${duration(seconds)} later${stops}`),
    entry('Speed', `${speed}, ${throttles === 0 ? 'no throttles' : counted(throttles, 'throttle')}`),
  ].join('\n')
}
