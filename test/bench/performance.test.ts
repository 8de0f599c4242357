import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { performanceCases, RATES } from '../../bench/performance/cases.ts'
import { leastSeconds, mostInASecond, quantile, slotsBetween, utilisationOf } from '../../bench/performance/figures.ts'
import { faultsOf } from '../../bench/performance/judge-cases.ts'
import type { MeasuredCase } from '../../bench/performance/kept-results.ts'
import { readPerformanceOptions } from '../../bench/performance/options.ts'
import { performancePage } from '../../bench/performance/page.ts'
import { runCase } from '../../bench/performance/run-case.ts'

const evenly = (count: number, ratePerSecond: number, fromMs = 0) =>
  Array.from({ length: count }, (_, index) => fromMs + (index * 1000) / ratePerSecond)
const rates = fc
  .array(
    fc.record({ lastsMs: fc.integer({ min: 1, max: 100_000 }), ratePerSecond: fc.integer({ min: 1, max: 5000 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map(spells => {
    let atMs = 0
    return spells.map(({ lastsMs, ratePerSecond }) => {
      const from = { atMs, ratePerSecond }
      atMs += lastsMs
      return from
    })
  })

describe('The figures of the performance page', () => {
  it('use all of a limit when every slot is used, and half when every second is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), fc.integer({ min: 1, max: 5000 }), (count, ratePerSecond) => {
        const granted = [{ atMs: 0, ratePerSecond }]
        expect(utilisationOf(evenly(count, ratePerSecond), granted)).toBeCloseTo(1, 6)
        expect(utilisationOf(evenly(count, ratePerSecond / 2), granted)).toBeCloseTo(0.5, 6)
      }),
    )
  })

  it('count slots the same however a time is divided', () => {
    fc.assert(
      fc.property(rates, fc.nat(300_000), fc.nat(300_000), fc.nat(300_000), (granted, a, b, c) => {
        const [from = 0, middle = 0, to = 0] = [a, b, c].sort((x, y) => x - y)
        const halves = slotsBetween(granted, from, middle) + slotsBetween(granted, middle, to)
        expect(slotsBetween(granted, from, to)).toBeCloseTo(halves, 6)
      }),
    )
  })

  it('need as long for some recipients as the slots of that time are', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 1_000_000 }), fc.nat(300_000), (granted, recipients, fromMs) => {
        const seconds = leastSeconds(granted, recipients, fromMs)
        expect(slotsBetween(granted, fromMs, fromMs + seconds * 1000) / recipients).toBeCloseTo(1, 6)
      }),
    )
  })

  it('leave to others what they used', () => {
    const granted = [{ atMs: 0, ratePerSecond: 100 }]
    expect(utilisationOf(evenly(81, 80), granted, evenly(20, 20, 1))).toBeCloseTo(1, 6)
  })

  it('find the second with the most in it', () => {
    expect(mostInASecond([0, 900, 999, 1000, 1001, 5000])).toBe(4)
    expect(mostInASecond([])).toBe(0)
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2)
    expect(quantile([1, 2, 3, 4], 1)).toBe(4)
  })
})

describe('Notices in virtual time', () => {
  const plain = (ratePerSecond: number, recipients: number) => {
    const found = performanceCases(recipients).find(one => one.table === 'plain' && one.ratePerSecond === ratePerSecond)
    if (found === undefined) throw new Error('No such case')
    return found
  }

  it('use at least 99 % of a limit of 200 a second with the functions of the product, and repeat to the message', async () => {
    const result = await runCase(plain(200, 4_000))
    expect(faultsOf(result)).toEqual([])
    expect(result.utilisation).toBeGreaterThanOrEqual(0.99)
    expect(result.accepted).toBe(4_000)
    const { processorSeconds: _, memoryMb: __, ...figures } = result
    expect(await runCase(plain(200, 4_000))).toMatchObject(figures)
  })

  it('fall short with too few senders, and are found out', async () => {
    const result = await runCase({ ...plain(1_000, 15_000), way: { kind: 'onlyto', senders: 2 } })
    expect(faultsOf(result)).toContainEqual(expect.stringMatching(/^utilisation 0\.[1-9]/))
  })

  it('use a tenth of it, and less, when sent one at a time', async () => {
    const alone = performanceCases(500).find(
      ({ way, ratePerSecond }) => way.kind === 'one-at-a-time' && ratePerSecond === 200,
    )
    expect(alone).toBeDefined()
    if (alone !== undefined) expect((await runCase(alone)).utilisation).toBeLessThan(0.1)
  })
})

describe('The command', () => {
  it('measures every rate with all recipients unless told otherwise', () => {
    const options = readPerformanceOptions([])
    expect(options.whole).toBe(true)
    expect(options.cases.filter(({ table }) => table === 'plain').map(({ ratePerSecond }) => ratePerSecond)).toEqual([
      ...RATES,
    ])
    expect(options.cases.every(({ table, recipients }) => table === 'hands' || recipients === 504_000)).toBe(true)
  })

  it('writes no page from a part', () => {
    expect(readPerformanceOptions(['--only', 'plain']).whole).toBe(false)
    expect(readPerformanceOptions(['--recipients', '20000']).whole).toBe(false)
    expect(() => readPerformanceOptions(['--only', 'elsewhere'])).toThrow('leaves nothing to measure')
  })

  it('writes every figure from a result', () => {
    const [planned] = performanceCases(504_000)
    if (planned === undefined) throw new Error('No case')
    const result: MeasuredCase = {
      commit: 'abc1234',
      planned,
      accepted: 504_000,
      utilisation: 0.98765,
      throttles: 4321,
      usage: undefined,
      othersAccepted: 0,
      othersThrottles: 0,
      firstSeconds: 1.25,
      medianSeconds: 18_000,
      p99Seconds: 35_640,
      lastSeconds: 36_500,
      leastSeconds: 36_000,
      mostInASecond: 15,
      billedMs: 504_000 * 77,
      idleMs: 504_000 * 33,
      invocations: 5040,
      killed: 0,
      report: undefined,
      lanes: [],
      errors: [],
      processorSeconds: 1,
      memoryMb: 1,
    }
    const page = performancePage([result], 504_000)
    for (const figure of ['98.8 %', '4,321', '| 77 |', '| 33 |', '10 h 8 min', 'abc1234'])
      expect(page).toContain(figure)
    expect(faultsOf(result)).toEqual(['utilisation 0.9877', '4321 throttles'])
  })
})
