import type { StopReason } from '../functions/notice/notice.ts'
import { assertNever } from '../functions/runtime/assert-never.ts'
import type { Counts, ReportAnswer } from './api-answers.ts'
import { count, percent } from './figures.ts'
import type { Paint } from './terminal.ts'

export const LABEL_WIDTH = 16
/** A label and what it says, in columns; further values stand below the first. */
export function entry(label: string, ...values: readonly string[]): string {
  return values.map((value, index) => `${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}${value}`.trimEnd()).join('\n')
}

type Heading = Pick<ReportAnswer, 'name' | 'noticeId' | 'state' | 'run' | 'stopReason'>

/** Which notice it is, and how it stands. */
export function writeHeading({ name, noticeId, state, run, stopReason }: Heading, paint: Paint): string {
  const reason = state === 'stopped' && stopReason !== undefined ? ` (${explainStop(stopReason)})` : ''
  const resumed = run > 1 ? `, run ${run}` : ''
  return `${paint('bold', name)}\n${noticeId}, ${state}${reason}${resumed}`
}

export function explainStop(reason: StopReason): string {
  switch (reason.kind) {
    case 'operator':
      return `by ${reason.by}`
    case 'leak-guard':
      return `by the leak guard: ${reason.rule} in ${reason.field}`
    case 'ses':
      return `by SES: ${reason.error}`
    default:
      return assertNever(reason)
  }
}

/** How many have which fate. */
export function writeCounts(counts: Counts, paint: Paint): string {
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
