import { count } from '../../cli/figures.ts'
import { writeDistribution } from '../live/distribution.ts'
import type { MeasuredStop } from './measure-stop.ts'
import { situations } from './plans.ts'

/** The promise: no call of SES starts later than this after stop has returned. */
export const STOP_WITHIN_MS = 1_000

/** One line a stop. */
export function writeStop(number: number, stop: MeasuredStop): string {
  const { situation, intoRunMs, tableDelay, answeredInMs, callsBefore, callsAfter, acceptedAfter, reported } = stop
  const delayMs = tableDelay.beforeMs + tableDelay.afterMs
  return [
    `stop ${number}: ${situation}${delayMs > 0 ? `, ${delayMs} ms a call` : ''}, ${count(intoRunMs)} ms into its run`,
    `${callsBefore} calls in the second before, answered in ${answeredInMs} ms`,
    `${callsAfter} calls after the answer, ${acceptedAfter} accepted, the last ${stop.lastCallAfterMs} ms after it`,
    ...(reported === undefined ? [] : [`reported ${JSON.stringify(reported)}`]),
    ...(isLate(stop) ? ['LATE'] : []),
    ...(isMany(stop) ? [`MORE than the ${stop.messagesAtMost} that the answer had named`] : []),
  ].join(' | ')
}

const isLate = ({ lastCallAfterMs }: MeasuredStop) => lastCallAfterMs > STOP_WITHIN_MS

const isMany = ({ acceptedAfter, messagesAtMost }: MeasuredStop) => acceptedAfter > messagesAtMost

/** The stops that broke the promise, and one verdict on all. */
export function judgeStops(stops: readonly MeasuredStop[]): { readonly kept: boolean; readonly verdict: string } {
  const late = stops.filter(isLate).length
  const many = stops.filter(isMany).length
  const kept = late === 0 && many === 0 && stops.length > 0
  const verdict = kept
    ? `Kept: after each of ${stops.length} stops the last call of SES began at most one second after the answer.`
    : `BROKEN: of ${stops.length} stops, ${late} had a call of SES more than one second after the answer, and ${many} more messages than it had named.`
  return { kept, verdict }
}

/** How the stops lie, over all and by situation. */
export function writeStops(stops: readonly MeasuredStop[]): string {
  const last = (some: readonly MeasuredStop[]) => some.map(({ lastCallAfterMs }) => lastCallAfterMs)
  const milliseconds = (value: number) => `${count(value)} ms`
  return [
    writeDistribution('last call after the answer', last(stops), milliseconds),
    ...situations.map(situation =>
      writeDistribution(`  ${situation}`, last(stops.filter(stop => stop.situation === situation)), milliseconds),
    ),
    writeDistribution(
      'messages accepted after the answer',
      stops.map(({ acceptedAfter }) => acceptedAfter),
      count,
    ),
    writeDistribution(
      'answered in',
      stops.map(({ answeredInMs }) => answeredInMs),
      milliseconds,
    ),
    judgeStops(stops).verdict,
  ].join('\n')
}
