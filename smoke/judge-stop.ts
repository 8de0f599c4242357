import type { ReportAnswer } from '../cli/api-answers.ts'
import { count } from '../cli/figures.ts'
import { of, type Verdict } from './verdict.ts'

/** A stopped notice, as it was reported once every sender had told, and again some seconds later. */
export interface StoppedNotice {
  readonly reported: ReportAnswer
  readonly later: ReportAnswer
}

const LATEST_CALL_MS = 1_000

/** Whether the stop came in the middle of sending, and nothing began later than a second after it. */
export function judgeStop({ reported, later }: StoppedNotice): readonly Verdict[] {
  const { stop, pending } = reported
  const sent = later.planned - later.pending
  const more = pending - later.pending
  const last = stop?.lastCallAfterMs
  return of('stop', [
    { what: 'state', figure: later.state, bound: 'stopped', holds: later.state === 'stopped' },
    {
      what: 'sent and left at the stop',
      figure: `${count(sent)} and ${count(later.pending)}`,
      bound: 'some of each',
      holds: sent > 0 && later.pending > 0,
    },
    {
      what: 'last call to SES after the stop',
      figure: stop === undefined ? 'not told' : last === undefined ? 'none' : `${(last / 1_000).toFixed(2)} s`,
      bound: `at most ${LATEST_CALL_MS / 1_000} s`,
      holds: stop !== undefined && (last ?? 0) <= LATEST_CALL_MS,
    },
    {
      what: 'batches that no sender has told of',
      figure: stop === undefined ? 'not told' : count(stop.batchesUnreported),
      bound: '0',
      holds: stop?.batchesUnreported === 0,
    },
    { what: 'sent some seconds later', figure: count(more), bound: '0', holds: more === 0 },
  ])
}
