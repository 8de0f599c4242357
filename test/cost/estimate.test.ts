import fc from 'fast-check'
import { expect, it } from 'vitest'
import { costOfMessages, costParts, estimateNotice, type Planned } from '../../functions/cost/estimate.ts'
import { measuredUsage } from '../../functions/cost/measured-usage.ts'
import { usageAt } from '../../functions/cost/usage.ts'

const planned: Planned = {
  recipients: 1_000_000,
  ratePerSecond: 1_000,
  plan: 'a-la-carte',
  sentThisMonth: 0,
  deliveryRetentionDays: 400,
}

it('says what SES asks for, message by message of the month', () => {
  expect(costOfMessages('a-la-carte', 0, 1_000_000)).toBeCloseTo(100)
  expect(costOfMessages('essentials', 0, 1_000_000)).toBeCloseTo(160)
  // The first ten million cost 16 cents a thousand, the next 14.
  expect(costOfMessages('essentials', 9_999_000, 3_000)).toBeCloseTo(0.16 + 2 * 0.14)
  expect(costOfMessages('essentials', 0, 110_000_000)).toBeCloseTo(1_600 + 90 * 140 + 10 * 110)
})

it('asks for the same, however the messages of a month are split into notices', () => {
  const messages = fc.nat(200_000_000)
  fc.assert(
    fc.property(messages, messages, messages, (before, first, second) => {
      const apart = costOfMessages('essentials', before, first) + costOfMessages('essentials', before + first, second)
      expect(apart).toBeCloseTo(costOfMessages('essentials', before, first + second), 4)
    }),
  )
})

it('adds up to its total, and its parts to what comes beside SES', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.integer({ min: 1, max: 20_000 }),
      (recipients, ratePerSecond) => {
        const estimate = estimateNotice({ ...planned, recipients, ratePerSecond })
        const parts = costParts.map(part => estimate.byPart[part])
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
        expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(estimate.overhead, 6)
        expect(estimate.ses + estimate.overhead + estimate.keeping).toBeCloseTo(estimate.total, 6)
      },
    ),
  )
})

it('gives what was measured at the rates at which it was measured, and something between them in between', () => {
  for (const [index, usage] of measuredUsage.entries()) {
    expect(usageAt(measuredUsage, usage.ratePerSecond).writeUnits).toBeCloseTo(usage.writeUnits, 9)
    const next = measuredUsage[index + 1]
    if (next === undefined) continue
    const between = usageAt(measuredUsage, (usage.ratePerSecond + next.ratePerSecond) / 2).gbSeconds.sender
    expect(between).toBeLessThanOrEqual(Math.max(usage.gbSeconds.sender, next.gbSeconds.sender))
    expect(between).toBeGreaterThanOrEqual(Math.min(usage.gbSeconds.sender, next.gbSeconds.sender))
  }
})

it('costs at most 3 % more than SES alone, from 200 recipients a second on', () => {
  for (const recipients of [10_000, 504_000, 1_000_000, 10_000_000]) {
    for (const ratePerSecond of [200, 1_000, 5_000]) {
      const { overhead, ses } = estimateNotice({ ...planned, recipients, ratePerSecond })
      expect(overhead / ses).toBeLessThan(0.03)
    }
  }
})
