import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type AlarmState, alarmChanges, alarmedAtMs } from '../../../local/runtime/alarm.ts'
import type { MetricSample } from '../../../local/runtime/alarm-samples.ts'
import type { AlarmDefinition } from '../../../local/template/deployment.ts'

const MINUTE_MS = 60_000

const onFirst: AlarmDefinition = {
  name: 'LeakGuardAlarm',
  description: 'A message was refused.',
  metric: { namespace: 'OnlyTo', name: 'LeakGuardRejections', dimensions: { service: 'sender' } },
  statistic: 'Sum',
  periodMs: MINUTE_MS,
  comparison: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  missingData: 'notBreaching',
}

const counted = (atMs: number, ...values: readonly number[]): MetricSample => ({ ...onFirst.metric, values, atMs })

const aState = fc.constantFrom<AlarmDefinition['missingData']>('breaching', 'notBreaching', 'ignore', 'missing')
const anAlarm: fc.Arbitrary<AlarmDefinition> = fc
  .record({
    statistic: fc.constantFrom<AlarmDefinition['statistic']>('SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'),
    comparison: fc.constantFrom<AlarmDefinition['comparison']>(
      'GreaterThanOrEqualToThreshold',
      'GreaterThanThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
    ),
    threshold: fc.integer({ min: -3, max: 6 }),
    periodMs: fc.constantFrom(10_000, MINUTE_MS, 5 * MINUTE_MS),
    evaluationPeriods: fc.integer({ min: 1, max: 4 }),
    missingData: aState,
    enough: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ enough, ...chosen }) => ({
    ...onFirst,
    ...chosen,
    datapointsToAlarm: 1 + Math.floor(enough * (chosen.evaluationPeriods - 1)),
  }))
const someSamples = fc.array(
  fc
    .record({ atMs: fc.nat(20 * MINUTE_MS), values: fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1 }) })
    .map(({ atMs, values }) => counted(atMs, ...values)),
)
const span = { fromMs: 0, untilMs: 30 * MINUTE_MS }

/** Reads "0 - X" as CloudWatch's manual writes it: fine, missing, breaching. The last is the newest. */
function afterwards(row: string, missingData: AlarmDefinition['missingData'], datapointsToAlarm = 3): AlarmState {
  const points = row.split(' ')
  const alarm = { ...onFirst, evaluationPeriods: 3, datapointsToAlarm, missingData }
  const samples = points.flatMap((point, index) =>
    point === '-' ? [] : [counted(index * MINUTE_MS, point === 'X' ? 1 : 0)],
  )
  const untilMs = points.length * MINUTE_MS
  return alarmChanges(alarm, samples, { fromMs: untilMs - 1, untilMs }).at(-1)?.to ?? 'INSUFFICIENT_DATA'
}

describe('An alarm', () => {
  it('goes off at the end of the minute in which it has happened, and recovers a minute later', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 * MINUTE_MS }), fc.integer({ min: 1, max: 500 }), (atMs, value) => {
        const endMs = (Math.floor(atMs / MINUTE_MS) + 1) * MINUTE_MS
        const changes = alarmChanges(onFirst, [counted(atMs, value)], span)
        expect(alarmedAtMs(changes)).toBe(endMs)
        expect(changes.at(-1)).toEqual({ atMs: endMs + MINUTE_MS, to: 'OK' })
      }),
    )
  })

  it('is not known to be in any state before its first evaluation', () => {
    expect(alarmChanges(onFirst, [counted(1_000, 5)], { fromMs: 0, untilMs: MINUTE_MS - 1 })).toEqual([])
  })

  it('changes only at the ends of its periods, each time to another state', () => {
    fc.assert(
      fc.property(anAlarm, someSamples, (alarm, samples) => {
        const changes = alarmChanges(alarm, samples, span)
        expect(changes.filter(({ atMs }) => atMs % alarm.periodMs !== 0 || atMs > span.untilMs)).toEqual([])
        expect(changes.filter(({ to }, index) => to === changes[index - 1]?.to)).toEqual([])
      }),
    )
  })

  it('does not depend on the order in which samples come', () => {
    fc.assert(
      fc.property(anAlarm, someSamples, (alarm, samples) => {
        expect(alarmChanges(alarm, samples.toReversed(), span)).toEqual(alarmChanges(alarm, samples, span))
      }),
    )
  })

  it('takes several values of one sample for as many samples', () => {
    fc.assert(
      fc.property(anAlarm, someSamples, (alarm, samples) => {
        const single = samples.flatMap(({ atMs, values }) => values.map(value => counted(atMs, value)))
        expect(alarmChanges(alarm, single, span)).toEqual(alarmChanges(alarm, samples, span))
      }),
    )
  })

  it.each<[string, Partial<MetricSample>]>([
    ['another namespace', { namespace: 'AWS/SQS' }],
    ['another name', { name: 'Accepted' }],
    ['another value of a dimension', { dimensions: { service: 'feedback' } }],
    ['a dimension more', { dimensions: { service: 'sender', lane: 'slow' } }],
    ['a dimension less', { dimensions: {} }],
  ])('is not moved by a metric of %s', (_, other) => {
    fc.assert(
      fc.property(anAlarm, someSamples, someSamples, (alarm, samples, more) => {
        const foreign = more.map(sample => ({ ...sample, ...other }))
        expect(alarmChanges(alarm, [...samples, ...foreign], span)).toEqual(alarmChanges(alarm, samples, span))
      }),
    )
  })

  it('that counts above a threshold is never silenced by more of the same', () => {
    fc.assert(
      fc.property(anAlarm, someSamples, fc.nat(20 * MINUTE_MS), (drawn, samples, atMs) => {
        const alarm = { ...drawn, statistic: 'Maximum', comparison: 'GreaterThanThreshold' } as const
        const goesOff = (of: readonly MetricSample[]) => alarmedAtMs(alarmChanges(alarm, of, span)) ?? span.untilMs + 1
        const more = [...samples, counted(atMs, alarm.threshold + 1)]
        expect(goesOff(more)).toBeLessThanOrEqual(goesOff(samples))
      }),
    )
  })

  it.each<[AlarmDefinition['missingData'], AlarmState]>([
    ['breaching', 'ALARM'],
    ['notBreaching', 'OK'],
    ['ignore', 'INSUFFICIENT_DATA'],
    ['missing', 'INSUFFICIENT_DATA'],
  ])('without any data that treats them as %s is in %s', (missingData, state) => {
    fc.assert(
      fc.property(anAlarm, alarm => {
        expect(alarmChanges({ ...alarm, missingData }, [], span)).toEqual([{ atMs: alarm.periodMs, to: state }])
      }),
    )
  })

  it.each<[AlarmDefinition['statistic'], number]>([
    ['SampleCount', 4],
    ['Average', 2],
    ['Sum', 8],
    ['Minimum', -1],
    ['Maximum', 5],
  ])('by %s compares what the values of a period come to', (statistic, value) => {
    const samples = [counted(1, 5, -1), counted(2, 1, 3)]
    const state = (comparison: AlarmDefinition['comparison'], threshold: number) =>
      alarmChanges({ ...onFirst, statistic, comparison, threshold }, samples, span)[0]?.to
    expect(state('GreaterThanOrEqualToThreshold', value)).toBe('ALARM')
    expect(state('GreaterThanThreshold', value)).toBe('OK')
    expect(state('GreaterThanThreshold', value - 1)).toBe('ALARM')
    expect(state('LessThanOrEqualToThreshold', value)).toBe('ALARM')
    expect(state('LessThanThreshold', value)).toBe('OK')
    expect(state('LessThanThreshold', value + 1)).toBe('ALARM')
  })
})

/** Rows of the tables in CloudWatch's manual, "how alarms treat missing data", as far as three periods show them. */
test.each<[string, AlarmState, AlarmState, AlarmState, AlarmState]>([
  // Row, and the state when what is missing counts as: missing, ignored (after INSUFFICIENT_DATA), breaching, not breaching.
  ['0 0 0', 'OK', 'OK', 'OK', 'OK'],
  ['X X X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - -', 'INSUFFICIENT_DATA', 'INSUFFICIENT_DATA', 'ALARM', 'OK'],
  ['- - 0', 'OK', 'OK', 'OK', 'OK'],
  ['- - X', 'ALARM', 'INSUFFICIENT_DATA', 'ALARM', 'OK'],
  ['0 - X', 'OK', 'OK', 'OK', 'OK'],
  ['X - X', 'ALARM', 'INSUFFICIENT_DATA', 'ALARM', 'OK'],
])('three of three periods, %s', (row, missing, ignored, breaching, notBreaching) => {
  expect(afterwards(row, 'missing')).toBe(missing)
  expect(afterwards(row, 'ignore')).toBe(ignored)
  expect(afterwards(row, 'breaching')).toBe(breaching)
  expect(afterwards(row, 'notBreaching')).toBe(notBreaching)
})

test.each<[string, AlarmState]>([
  ['0 X X', 'ALARM'],
  ['X 0 X', 'ALARM'],
  ['0 0 X', 'OK'],
  ['X X - 0 0', 'OK'],
])('two of three periods, %s: %s', (row, state) => {
  expect(afterwards(row, 'notBreaching', 2)).toBe(state)
})
