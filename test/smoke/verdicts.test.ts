import { describe, expect, it } from 'vitest'
import type { ReportAnswer } from '../../cli/api-answers.ts'
import { plain } from '../../cli/terminal.ts'
import { judgeFates, type SimulatedDelivery } from '../../smoke/judge-fates.ts'
import { judgeEnd, judgeSpeed, utilisationBound } from '../../smoke/judge-sending.ts'
import { alarmNamesOf, judgeAlarms, judgeMetrics, judgeStack } from '../../smoke/judge-stack.ts'
import { judgeStop } from '../../smoke/judge-stop.ts'
import { mixOf } from '../../smoke/simulator-audience.ts'
import { allHold, brokenOff, of, phases, type Verdict } from '../../smoke/verdict.ts'
import { writeVerdicts } from '../../smoke/verdict-table.ts'
import { catalogueAlarms, deployedStack } from './memory-aws.ts'

const RECIPIENTS = 420
const mix = mixOf(RECIPIENTS)
const quota = { maxSendRate: 14, max24HourSend: 50_000, sentLast24Hours: 0, sendingEnabled: true }

/** A run of half a minute as it should be: 8 of each kind of trouble. */
const report: ReportAnswer = {
  ...{ noticeId: 'N', name: 'Smoke test', state: 'finished', run: 1 },
  ...{ planned: 420, accepted: 412, suppressed: 8, rejected: 0, failed: 0, inDoubt: 0, pending: 0 },
  ...{ bounced: 8, complained: 8, retryable: 0, sentAgain: 0, leakGuard: [] },
  ...{ seconds: 33, ratePerSecond: 411 / 33, limitPerSecond: 12.6, utilisation: 411 / (33 * 12.6), throttles: 0 },
}
const several = (number: number, delivery: SimulatedDelivery) => Array.from({ length: number }, () => delivery)
const accepted = { fate: 'accepted', sentAgain: false } as const
const deliveries: readonly SimulatedDelivery[] = [
  ...several(396, { mailbox: 'success', ...accepted, reached: 'delivered' }),
  ...several(8, { mailbox: 'bounce', ...accepted, reached: 'bounced' }),
  ...several(8, { mailbox: 'complaint', ...accepted, reached: 'complained' }),
  ...several(8, { mailbox: 'suppressionlist', fate: 'suppressed', sentAgain: false }),
]
const stopped: ReportAnswer = {
  ...{ ...report, state: 'stopped', planned: 140, accepted: 30, suppressed: 0, pending: 110 },
  stop: { at: '2026-11-21T05:00:00Z', inFlight: 2, after: 1, lastCallAfterMs: 240, batchesUnreported: 0 },
}
const stack = deployedStack('https://abc.execute-api.eu-west-1.amazonaws.com')
const alarms = alarmNamesOf(stack).map(name => ({ name, state: 'OK' as const, reason: '', tells: true }))
const watched = { stack, alarms, dashboards: ['OnlyTo-Screen'] }
const [first, ...others] = alarms
if (first === undefined) throw new Error('There are no alarms')
const replaced = (at: number, delivery: Partial<SimulatedDelivery>) =>
  deliveries.map((own, index) => (index === at ? { ...own, ...delivery } : own))

const broken = (verdicts: readonly Verdict[]) => verdicts.filter(({ holds }) => !holds).map(({ what }) => what)

describe('Of a stack and a run as they should be, all holds', () => {
  it.each([
    ['stack', judgeStack(stack)],
    ['sending', judgeEnd(report, RECIPIENTS)],
    ['feedback', judgeFates(mix, deliveries, report)],
    ['speed', judgeSpeed(report, quota)],
    ['stop', judgeStop({ reported: stopped, later: stopped })],
    ['alarms', judgeAlarms(watched)],
    ['metrics', judgeMetrics([{ name: 'Heartbeat', seen: 2, least: 1 }])],
  ])('%s', (phase, verdicts) => {
    expect(broken(verdicts)).toEqual([])
    expect(new Set(verdicts.map(verdict => verdict.phase))).toEqual(new Set([phase]))
  })

  it('and of a suppressed address that SES only says has bounced', () => {
    const bounced = replaced(419, { fate: 'accepted', reached: 'bounced' })
    const told = { ...report, accepted: 413, suppressed: 7, bounced: 9 }
    expect(broken(judgeFates(mix, bounced, told))).toEqual([])
  })
})

/** Every verdict, and something that breaks it and nothing else. */
const faults: Readonly<Record<string, readonly Verdict[]>> = {
  status: judgeStack({ ...stack, status: 'UPDATE_ROLLBACK_FAILED' }),
  'address of the API': judgeStack({ ...stack, outputs: { ApiUrl: 'soon' } }),
  state: judgeEnd({ ...report, state: 'stopped' }, RECIPIENTS),
  'accepted by SES': judgeEnd({ ...report, accepted: 411, inDoubt: 1 }, RECIPIENTS),
  'success: accepted and delivered': judgeFates(mix, replaced(0, { reached: 'delayed' }), report),
  'bounce: accepted and bounced': judgeFates(mix, deliveries.with(396, { mailbox: 'bounce', ...accepted }), {
    ...report,
    bounced: 7,
  }),
  'complaint: accepted and complained about': judgeFates(mix, replaced(404, { reached: 'delivered' }), {
    ...report,
    complained: 7,
  }),
  'suppressionlist: suppressed, or bounced': judgeFates(mix, replaced(419, { fate: 'failed' }), {
    ...report,
    suppressed: 7,
  }),
  'report: accepted': judgeFates(mix, deliveries, { ...report, accepted: 413 }),
  'report: suppressed': judgeFates(mix, deliveries, { ...report, suppressed: 7 }),
  'report: bounced': judgeFates(mix, deliveries, { ...report, bounced: 0 }),
  'report: complained': judgeFates(mix, deliveries, { ...report, complained: 9 }),
  'sent to again': judgeFates(mix, replaced(0, { sentAgain: true }), report),
  'rate granted to OnlyTo': judgeSpeed({ ...report, limitPerSecond: 14.1 }, quota),
  'messages accepted a second': judgeSpeed({ ...report, seconds: 28, ratePerSecond: 411 / 28 }, quota),
  'use of the rate granted': judgeSpeed({ ...report, utilisation: 0.88 }, quota),
  'throttles by SES': judgeSpeed({ ...report, throttles: 1 }, quota),
  'sent and left at the stop': judgeStop({
    reported: { ...stopped, pending: 140 },
    later: { ...stopped, pending: 140 },
  }),
  'last call to SES after the stop': judgeStop({ reported: calledAfter(1_001), later: stopped }),
  'batches that no sender has told of': judgeStop({ reported: unreported(1), later: stopped }),
  'sent some seconds later': judgeStop({ reported: stopped, later: { ...stopped, pending: 109 } }),
  'alarms that exist': judgeAlarms({ ...watched, alarms: others }),
  'alarms that tell nobody': judgeAlarms({ ...watched, alarms: [{ ...first, tells: false }, ...others] }),
  'in ALARM': judgeAlarms({ ...watched, alarms: [{ ...first, state: 'ALARM', reason: '1 >= 1' }, ...others] }),
  dashboard: judgeAlarms({ ...watched, dashboards: [] }),
  Accepted: judgeMetrics([{ name: 'Accepted', seen: 411, least: 412 }]),
}

function calledAfter(lastCallAfterMs: number): ReportAnswer {
  return { ...stopped, ...(stopped.stop && { stop: { ...stopped.stop, lastCallAfterMs } }) }
}

function unreported(batchesUnreported: number): ReportAnswer {
  return { ...stopped, ...(stopped.stop && { stop: { ...stopped.stop, batchesUnreported } }) }
}

describe('Each verdict can be broken, by itself', () => {
  it.each(Object.entries(faults))('%s', (what, verdicts) => {
    expect(broken(verdicts)).toEqual([what])
  })

  it('and there is no other', () => {
    const whole = [
      ...judgeStack(stack),
      ...judgeEnd(report, RECIPIENTS),
      ...judgeFates(mix, deliveries, report),
      ...judgeSpeed(report, quota),
      ...judgeStop({ reported: stopped, later: stopped }),
      ...judgeAlarms(watched),
    ]
    expect(whole.filter(({ what }) => faults[what] === undefined)).toEqual([])
  })

  it('where an alarm of the catalogue was never made, it is named', () => {
    const [absent = '', ...made] = catalogueAlarms
    const without = deployedStack('https://abc.example', made)
    const names = alarmNamesOf(without)
    const [verdict] = judgeAlarms({
      ...watched,
      stack: without,
      alarms: alarms.filter(({ name }) => names.includes(name)),
    })
    expect(verdict).toMatchObject({ holds: false, figure: expect.stringContaining(`no ${absent.slice(6, -8)}`) })
  })

  it('where nothing was stopped nothing was measured', () => {
    const { stop: _, ...unstopped } = stopped
    expect(broken(judgeStop({ reported: unstopped, later: unstopped })).length).toBe(2)
  })
})

describe('How much of the rate must be used', () => {
  it('is what OnlyTo promises for a long run, less three seconds of starting for a short one', () => {
    expect(utilisationBound(10_000, 12.6)).toBe(0.99)
    expect(utilisationBound(378, 12.6)).toBeCloseTo(0.9)
    expect(utilisationBound(20, 12.6)).toBe(0)
  })

  it('counts a slot for those whom SES suppressed', () => {
    const tight = { ...report, planned: 10_000, accepted: 9_900, suppressed: 100, seconds: 794, utilisation: 0.982 }
    expect(broken(judgeSpeed({ ...tight, ratePerSecond: 12.47 }, quota))).toEqual([])
  })
})

describe('The verdict on all', () => {
  const kept = phases.flatMap(phase => of(phase, [{ what: 'x', figure: '1', bound: '1', holds: true }]))

  it('is that all hold, only if every phase was judged', () => {
    expect(allHold(kept)).toBe(true)
    for (const phase of phases) {
      const rest = kept.filter(verdict => verdict.phase !== phase)
      expect(allHold(rest)).toBe(false)
      expect(allHold([...kept, brokenOff(phase, 'SES could not be asked')])).toBe(false)
      expect(writeVerdicts(rest, plain)).toContain(`BROKEN  ${phase}: not reached`)
    }
  })

  it('stands below a line for each, in the order of the phases', () => {
    const lines = writeVerdicts(kept.toReversed(), plain).split('\n')
    expect(lines.slice(0, phases.length).map(line => line.split(/\s+/)[1])).toEqual(phases)
    expect(lines.at(-1)).toBe('All hold.')
  })
})
