import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DailyQuota } from '../../../local/ses-simulator/limits/daily-quota.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

test('no 24 hours ever see more recipients than the quota', () => {
  const sends = fc.array(
    fc.record({ gapMs: fc.integer({ min: 0, max: 6 * HOUR_MS }), recipients: fc.integer({ min: 1, max: 50 }) }),
    { maxLength: 100 },
  )
  fc.assert(
    fc.property(sends, fc.integer({ min: 50, max: 300 }), (gaps, max24HourSend) => {
      let nowMs = 1_790_000_012_345
      const quota = new DailyQuota(0, nowMs)
      const admitted: { atMs: number; recipients: number }[] = []
      for (const { gapMs, recipients } of gaps) {
        nowMs += gapMs
        if (!quota.hasRoom(nowMs, recipients, max24HourSend)) continue
        quota.take(nowMs, recipients)
        admitted.push({ atMs: nowMs, recipients })
      }
      for (const { atMs } of admitted) {
        const window = admitted.filter(other => other.atMs > atMs - DAY_MS && other.atMs <= atMs)
        expect(window.reduce((sum, { recipients }) => sum + recipients, 0)).toBeLessThanOrEqual(max24HourSend)
      }
    }),
  )
})

test('what was sent leaves the count within a minute after 24 hours, not at midnight', () => {
  const quota = new DailyQuota(0, 0)
  quota.take(HOUR_MS, 10)
  expect(quota.sentLast24Hours(DAY_MS + HOUR_MS - 1)).toBe(10)
  expect(quota.sentLast24Hours(DAY_MS + HOUR_MS + 60_000)).toBe(0)
})

test('a quota of -1 is unlimited, and one that is used up has no room', () => {
  const quota = new DailyQuota(200, 0)
  expect(quota.hasRoom(0, 1, 200)).toBe(false)
  expect(quota.hasRoom(0, 1, 201)).toBe(true)
  expect(quota.hasRoom(0, 1_000_000, -1)).toBe(true)
})
