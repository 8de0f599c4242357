import { CommanderError } from 'commander'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { MeasuredStop } from '../../bench/stop/measure-stop.ts'
import { readStopOptions } from '../../bench/stop/options.ts'
import { situations, stopPlans } from '../../bench/stop/plans.ts'
import { judgeStops, writeStop, writeStops } from '../../bench/stop/stop-report.ts'

const plansOf = (seed: number, count: number) => stopPlans(seed).take(count).toArray()

test('each five stops have every situation once, and the same seed gives the same stops', () => {
  fc.assert(
    fc.property(fc.integer(), seed => {
      const plans = plansOf(seed, 25)
      for (let start = 0; start < 25; start += 5) {
        const five = plans.slice(start, start + 5).map(({ situation }) => situation)
        expect(five.toSorted()).toEqual(situations.toSorted())
      }
      expect(plansOf(seed, 25)).toEqual(plans)
    }),
  )
})

test('tables are slow in their own situation alone, by up to a second and a half a call', () => {
  const plans = plansOf(1, 500)
  const delays = plans.map(({ situation, tableDelay: { beforeMs, afterMs } }) => ({
    situation,
    ms: beforeMs + afterMs,
  }))
  for (const { situation, ms } of delays) expect(ms > 0).toBe(situation === 'slow-tables')
  const slow = delays.flatMap(({ situation, ms }) => (situation === 'slow-tables' ? [ms] : []))
  expect(Math.min(...slow)).toBeLessThan(200)
  expect(Math.max(...slow)).toBeGreaterThan(1_300)
  expect(Math.max(...slow)).toBeLessThanOrEqual(1_500)
})

test('runs are stopped at every moment of their first seconds, and those being dispatched in the first half second', () => {
  const plans = plansOf(2, 1_000)
  const moments = (wanted: string) =>
    plans.flatMap(({ situation, intoRunMs }) => (situation === wanted ? [intoRunMs] : []))
  expect(Math.max(...moments('dispatching'))).toBeLessThanOrEqual(500)
  for (const second of [1, 2, 3, 4, 5]) {
    expect(moments('full-speed').filter(ms => Math.floor(ms / 1_000) === second).length).toBeGreaterThan(20)
  }
})

const stop = (lastCallAfterMs: number, acceptedAfter = 2): MeasuredStop => ({
  ...{ situation: 'full-speed', intoRunMs: 1_500, tableDelay: { beforeMs: 0, afterMs: 0 }, answeredInMs: 20 },
  ...{ callsBefore: 500, callsAfter: 300, acceptedAfter, messagesAtMost: 200, lastCallAfterMs, reported: undefined },
})

test('one stop that is a millisecond late breaks the promise for all', () => {
  expect(judgeStops([stop(0), stop(1_000)]).kept).toBe(true)
  expect(judgeStops([stop(0), stop(1_001), stop(0)])).toEqual({
    kept: false,
    verdict: expect.stringMatching(/of 3 stops, 1 had/),
  })
  expect(writeStop(7, stop(1_001))).toContain('LATE')
  expect(writeStop(7, stop(1_000))).not.toContain('LATE')
  expect(writeStops([stop(10), stop(20)])).toContain('max 20 ms')
})

test('a message more than the answer had named breaks the promise', () => {
  expect(judgeStops([stop(500, 200)]).kept).toBe(true)
  expect(judgeStops([stop(500, 201)])).toEqual({ kept: false, verdict: expect.stringMatching(/1 more messages/) })
  expect(writeStop(7, stop(500, 201))).toContain('MORE than the 200')
})

test('no stop at all proves nothing', () => {
  expect(judgeStops([]).kept).toBe(false)
})

test('an audience that would be sent before its stop is refused, with a size that would do', () => {
  const quiet = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  expect(() => readStopOptions(['--rate', '500', '--recipients', '4999'])).toThrow(CommanderError)
  expect(quiet.mock.calls.join()).toContain('--recipients 5000')
  quiet.mockRestore()
  expect(readStopOptions([])).toMatchObject({ runs: 50, recipients: 20_000, rate: 500 })
})
