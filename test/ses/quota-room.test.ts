import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quotaRoom } from '../../functions/ses/quota-room.ts'

const account = { maxSendRate: 14, sendingEnabled: true }

const quota = fc.record({ max24HourSend: fc.nat(1_000_000), sentLast24Hours: fc.nat(2_000_000) })
const share = fc.double({ min: 0, minExcluded: true, max: 1, noNaN: true })

test('what fits never takes the account past the share of its quota, and one more would', () => {
  fc.assert(
    fc.property(quota, share, (limits, of) => {
      const room = quotaRoom({ ...account, ...limits }, of)
      if (room === undefined) throw new Error('This quota is limited')
      const allowed = of * limits.max24HourSend
      expect(Number.isInteger(room) && room >= 0).toBe(true)
      if (room > 0) expect(limits.sentLast24Hours + room).toBeLessThanOrEqual(allowed)
      expect(limits.sentLast24Hours + room + 1).toBeGreaterThan(allowed)
    }),
  )
})

test('an unlimited quota has no room to speak of', () => {
  expect(quotaRoom({ ...account, max24HourSend: undefined, sentLast24Hours: 7 }, 0.5)).toBeUndefined()
})
