import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type QuotaQuestion, quotaFit, quotaTooSmall } from '../../functions/api/quota-fit.ts'

const question: fc.Arbitrary<QuotaQuestion & { max: number }> = fc
  .record({
    max: fc.oneof(fc.nat(50), fc.nat(100_000)),
    sentLast24Hours: fc.oneof(fc.nat(50), fc.nat(120_000)),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    needed: fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 500_000 })),
    pendingElsewhere: fc.oneof(fc.constant(0), fc.nat(100_000)),
  })
  .map(({ max, sentLast24Hours, ...rest }) => ({
    ...{ max, ...rest },
    quota: { maxSendRate: 14, max24HourSend: max, sentLast24Hours, sendingEnabled: true },
  }))

test('what is taken without days never takes the account past its share of the quota, with what others still send', () => {
  let taken = 0
  fc.assert(
    fc.property(question, asked => {
      if (quotaTooSmall(asked, false) !== undefined) return
      taken++
      const { quota, needed, pendingElsewhere, share, max } = asked
      expect(quota.sentLast24Hours + pendingElsewhere + needed).toBeLessThanOrEqual(share * max)
    }),
    { numRuns: 2_000 },
  )
  expect(taken).toBeGreaterThan(50)
})

test('what is said to fit does fit, and one more does not', () => {
  fc.assert(
    fc.property(question, asked => {
      const fit = quotaFit(asked)
      if (fit.kind === 'fits') return
      expect(quotaFit({ ...asked, needed: fit.fitsToday }).kind).toBe('fits')
      expect(quotaFit({ ...asked, needed: fit.fitsToday + 1 }).kind).toBe('too-many')
    }),
  )
})

test('in the days that are named the quota carries all of it, and in one less it does not', () => {
  fc.assert(
    fc.property(question, asked => {
      const fit = quotaFit(asked)
      if (fit.kind === 'fits' || fit.days === undefined) return
      const daily = Math.floor(asked.share * asked.max)
      const today = daily - asked.quota.sentLast24Hours
      const carried = (days: number) => Math.max(0, today) + (days - 1) * daily
      const all = asked.needed + asked.pendingElsewhere
      expect(carried(fit.days)).toBeGreaterThanOrEqual(all)
      expect(carried(fit.days - 1)).toBeLessThan(all)
    }),
  )
})

test('days are accepted where the quota has any for notices, and refused where no day would bring one', () => {
  fc.assert(
    fc.property(question, asked => {
      const hopeless = Math.floor(asked.share * asked.max) === 0
      expect(quotaTooSmall(asked, true)?.problem).toBe(hopeless ? 'quota-too-small' : undefined)
    }),
    { numRuns: 500 },
  )
})

test('an unlimited quota carries everything', () => {
  const { quota, ...rest } = known()
  expect(quotaFit({ ...rest, quota: { ...quota, max24HourSend: undefined } })).toEqual({ kind: 'fits' })
})

test('the refusal says all that it goes by, in words and as figures', () => {
  const refused = quotaTooSmall(known(), false)
  expect(refused?.detail).toBe(
    "There are 900 recipients to send to, and 60 of them fit into the account's 24-hour quota now: it is 2000, of which this " +
      'notice may use a share of 0.1; 100 were sent in the last 24 hours, and other notices that are being sent still have 40 ' +
      'to go. To send this one, accept that it takes about 6 days (overDays), ask AWS for a larger sending quota of SES, or ' +
      'send to fewer.',
  )
  expect(refused?.figures).toEqual({
    ...{ needed: 900, fitsToday: 60, quota: 2000, sentLast24Hours: 100, share: 0.1, pendingElsewhere: 40, days: 6 },
  })
})

function known() {
  const quota = { maxSendRate: 14, max24HourSend: 2000, sentLast24Hours: 100, sendingEnabled: true }
  return { max: 2000, quota, share: 0.1, needed: 900, pendingElsewhere: 40 }
}
