import { isDeepStrictEqual } from 'node:util'
import type { AlarmDefinition } from '../template/deployment.ts'
import type { MetricSample } from './alarm-samples.ts'

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

export interface AlarmChange {
  /** The end of the period whose datapoint has brought it. */
  readonly atMs: number
  readonly to: AlarmState
}

/**
 * What CloudWatch makes of an alarm, from the samples alone, between two moments: every change of its state, beginning with the
 * first evaluation. An alarm is evaluated at the end of each of its periods, which lie on whole multiples of their length. AWS
 * adds to that the time in which a metric reaches it, and where data are missing it may look further back than here.
 */
export function alarmChanges(
  alarm: AlarmDefinition,
  samples: readonly MetricSample[],
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): readonly AlarmChange[] {
  const { periodMs, evaluationPeriods } = alarm
  const breaches = breachesByPeriod(alarm, samples)
  const changes: AlarmChange[] = []
  let state: AlarmState = 'INSUFFICIENT_DATA'
  const firstEnd = Math.floor(fromMs / periodMs) + 1
  for (let end = firstEnd; end * periodMs <= untilMs; end++) {
    const looked = Array.from({ length: evaluationPeriods }, (_, back) => breaches.get(end - 1 - back))
    const to = stateOf(alarm, looked, state)
    if (to !== state || changes.length === 0) changes.push({ atMs: end * periodMs, to })
    state = to
  }
  return changes
}

/** The first moment from which an alarm is in ALARM; undefined when it does not go off. */
export function alarmedAtMs(changes: readonly AlarmChange[]): number | undefined {
  return changes.find(({ to }) => to === 'ALARM')?.atMs
}

/** Whether the datapoint of each period that has one breaches the threshold. By the number of the period. */
function breachesByPeriod(alarm: AlarmDefinition, samples: readonly MetricSample[]): ReadonlyMap<number, boolean> {
  const { metric, periodMs } = alarm
  const own = samples.filter(({ namespace, name, dimensions }) =>
    isDeepStrictEqual({ namespace, name, dimensions }, metric),
  )
  const periods = Map.groupBy(own, ({ atMs }) => Math.floor(atMs / periodMs))
  return new Map(
    [...periods].map(([period, of]) => [
      period,
      breaches(
        alarm,
        datapoint(
          alarm,
          of.flatMap(({ values }) => values),
        ),
      ),
    ]),
  )
}

function datapoint({ statistic }: AlarmDefinition, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0)
  switch (statistic) {
    case 'Sum':
      return sum
    case 'SampleCount':
      return values.length
    case 'Average':
      return sum / values.length
    case 'Minimum':
      return values.reduce((least, value) => Math.min(least, value))
    case 'Maximum':
      return values.reduce((most, value) => Math.max(most, value))
  }
}

function breaches({ comparison, threshold }: AlarmDefinition, value: number): boolean {
  switch (comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold
    case 'GreaterThanThreshold':
      return value > threshold
    case 'LessThanThreshold':
      return value < threshold
    case 'LessThanOrEqualToThreshold':
      return value <= threshold
  }
}

/** One evaluation. `looked`: of each period looked at whether it breaches, or undefined where there are no data. */
function stateOf(
  { datapointsToAlarm, evaluationPeriods, missingData }: AlarmDefinition,
  looked: readonly (boolean | undefined)[],
  before: AlarmState,
): AlarmState {
  const breaching = looked.filter(breach => breach === true).length
  const fine = looked.filter(breach => breach === false).length
  const missing = looked.length - breaching - fine
  const alarmIf = (is: boolean): AlarmState => (is ? 'ALARM' : 'OK')
  if (breaching >= datapointsToAlarm) return 'ALARM'
  switch (missingData) {
    case 'breaching':
      return alarmIf(breaching + missing >= datapointsToAlarm)
    case 'notBreaching':
      return 'OK'
    case 'ignore':
      // Whatever the missing ones were, too few can breach; else the state stays as it is.
      return fine > evaluationPeriods - datapointsToAlarm ? 'OK' : before
    case 'missing':
      // Of data that are there, and all breach, CloudWatch takes the alarm for given.
      return breaching + fine === 0 ? 'INSUFFICIENT_DATA' : alarmIf(fine === 0)
  }
}
