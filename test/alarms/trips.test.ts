import { afterEach, describe, expect, it, vi } from 'vitest'
import { alarmCatalogue } from '../../cdk/alarm-catalogue.ts'
import { alarmChanges } from '../../local/runtime/alarm.ts'
import type { MetricSample } from '../../local/runtime/alarm-samples.ts'
import type { AlarmDefinition } from '../../local/template/deployment.ts'
import { START_MS } from '../dispatcher/dispatcher-world.ts'
import { people } from '../sender/sender-world.ts'
import { dispatcherTroubles, minutes } from './dispatcher-troubles.ts'
import { senderTroubles, sending, type Trouble } from './sender-troubles.ts'
import { alarmIds, alarmOf, templateAlarms } from './template-alarms.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const MINUTE_MS = 60_000
const troubles: Readonly<Record<string, Trouble>> = { ...senderTroubles, ...dispatcherTroubles }
const ownAlarms = alarmCatalogue.filter(({ source }) => source.kind === 'own').map(({ id }) => id)
const awsAlarms = alarmIds.filter(id => !ownAlarms.includes(id))

/** The states in which an alarm is, one after the other, from the first full period on to the end of the last one that has begun. */
function statesOf(alarm: AlarmDefinition, samples: readonly MetricSample[], untilMs: number) {
  const { periodMs, evaluationPeriods } = alarm
  const fromMs = START_MS + (evaluationPeriods - 1) * periodMs
  return alarmChanges(alarm, samples, { fromMs, untilMs: untilMs + periodMs }).map(({ to }) => to)
}

describe('Each alarm goes off by what the functions themselves print', () => {
  it('and there is a trouble for each', () => {
    expect(Object.keys(troubles).sort()).toEqual([...ownAlarms].sort())
  })

  it.each(ownAlarms)('%s', async id => {
    const { samples, untilMs } = (await troubles[id]?.()) ?? { samples: [], untilMs: 0 }
    const alarm = alarmOf(id)
    expect(statesOf(alarm, samples, untilMs)).toContain('ALARM')
    // Nothing else has set it off: without its own metric it is silent, unless silence is what it is about.
    const others = samples.filter(({ name }) => name !== alarm.metric.name)
    expect(statesOf(alarm, others, untilMs).includes('ALARM')).toBe(alarm.missingData === 'breaching')
  })
})

describe('Each alarm on a metric of AWS', () => {
  const sampled = (alarm: AlarmDefinition, values: readonly number[]): readonly MetricSample[] =>
    values.map((value, period) => ({ ...alarm.metric, values: [value], atMs: START_MS + period * alarm.periodMs }))

  it.each(awsAlarms)('%s goes off at its threshold, and not below it', id => {
    const alarm = alarmOf(id)
    const { threshold, evaluationPeriods, periodMs } = alarm
    const untilMs = START_MS + evaluationPeriods * periodMs
    const at = (value: number) => statesOf(alarm, sampled(alarm, Array(evaluationPeriods).fill(value)), untilMs)
    expect(alarm.metric.namespace).toMatch(/^AWS\//)
    expect(at(threshold)).toContain('ALARM')
    expect(at(threshold * 0.99)).not.toContain('ALARM')
  })

  it.each(awsAlarms.filter(id => id.endsWith('DeadLetters')))('%s stays on while SQS says nothing more', id => {
    const alarm = alarmOf(id)
    expect(statesOf(alarm, sampled(alarm, [1]), START_MS + 600 * MINUTE_MS).at(-1)).toBe('ALARM')
    expect(statesOf(alarm, sampled(alarm, [1, 1, 0]), START_MS + 600 * MINUTE_MS).at(-1)).toBe('OK')
  })
})

describe('No alarm goes off', () => {
  const alarmed = (samples: readonly MetricSample[], untilMs: number, among = templateAlarms) =>
    among.filter(alarm => statesOf(alarm, samples, untilMs).includes('ALARM')).map(({ name }) => name)
  const ofSenders = templateAlarms.filter(({ metric }) => metric.dimensions['service'] !== 'dispatcher')

  it('in an hour in which nothing is sent', async () => {
    const quiet = await minutes({ count: 60, before: async () => {} })()
    expect(quiet.samples.length).toBe(60)
    expect(alarmed(quiet.samples, quiet.untilMs - MINUTE_MS)).toEqual([])
  })

  it('in a sandbox account, which has a message a second and 200 a day, used to the last', async () => {
    const sandbox = { maxSendRate: 1, max24HourSend: 200, sentLast24Hours: 0, sendingEnabled: true }
    const day = await minutes({
      count: 4,
      before: async world => {
        world.account.quota = sandbox
        await world.start('n-1', 1)
      },
      each: async (world, minute) => {
        world.account.quota = { ...sandbox, sentLast24Hours: 30 * minute }
        if (minute === 3) await world.finishBatch('n-1', 0)
      },
    })()
    expect(alarmed(day.samples, day.untilMs - MINUTE_MS)).toEqual([])
  })

  it('while a notice is sent as it should be, and a few of its answers get lost', async () => {
    const answer = (_: unknown, index: number) =>
      index % 100 === 50
        ? ({ kind: 'in-doubt', reason: 'time-out' } as const)
        : ({ kind: 'accepted', messageId: `m-${index}` } as const)
    const well = await sending({ recipients: people(1_000), ratePerSecond: 14, calls: 3, answer })()
    expect(well.samples.map(({ name }) => name)).toContain('Accepted')
    expect(alarmed(well.samples, well.untilMs, ofSenders)).toEqual([])
  })
})
