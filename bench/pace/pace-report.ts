import { count, counted } from '../../cli/figures.ts'
import type { MeasuredPace } from './measure-pace.ts'

/** The share of the rate that was used, with what four digits it takes to tell 0.9899 from 0.99. */
const share = (value: number | undefined) => (value === undefined ? 'unknown' : value.toFixed(4))

/** One line a rate. */
export function writePace(pace: MeasuredPace, atLeast: number): string {
  const { rate, recipients, warmUp, senders, seen, throttles, reported, busyShare, perMessageMs } = pace
  const faults = paceFaults(pace, atLeast)
  const setUp = [
    warmUp > 0 ? `warmed up with ${count(warmUp)}` : 'cold',
    ...(senders === undefined ? [] : [counted(senders, 'sender')]),
  ]
  const parts = Object.entries(perMessageMs).map(([part, ms]) => `${part} ${ms.toFixed(2)}`)
  const all = Object.values(perMessageMs).reduce((sum, ms) => sum + ms, 0)
  return [
    `${count(rate)}/s, ${setUp.join(', ')}: ${counted(recipients, 'recipient')}`,
    ...(seen === undefined ? [] : [writeSeen(seen)]),
    `the report says ${share(reported.utilisation)}`,
    counted(throttles, 'throttle'),
    ...(reported.idleMsPerMessage === undefined
      ? []
      : [`senders idle ${reported.idleMsPerMessage.toFixed(1)} ms a message`]),
    `processors ${(busyShare * 100).toFixed(0)} % busy`,
    ...(parts.length === 0 ? [] : [`${all.toFixed(2)} ms a message (${parts.join(', ')})`]),
    faults.length === 0 ? 'kept' : `BROKEN: ${faults.join('; ')}`,
  ].join(' | ')
}

function writeSeen(seen: NonNullable<MeasuredPace['seen']>): string {
  const { seconds, utilisation, worstGapMs, mostIn100Ms, mostInASecond } = seen
  return [
    `${seconds.toFixed(1)} s from first to last acceptance`,
    `utilisation ${share(utilisation)}`,
    `worst gap ${count(Math.round(worstGapMs))} ms`,
    `at most ${count(mostIn100Ms)} in 100 ms and ${count(mostInASecond)} in a second`,
  ].join(' | ')
}

/** What falls short of "at the limit, never over it"; empty when nothing does. */
export function paceFaults({ seen, throttles }: MeasuredPace, atLeast: number): readonly string[] {
  if (seen === undefined) return ['the notice did not finish with one message a recipient']
  return [
    ...(seen.utilisation < atLeast ? [`utilisation is below ${atLeast}`] : []),
    ...(throttles > 0 ? ['SES throttled'] : []),
  ]
}
