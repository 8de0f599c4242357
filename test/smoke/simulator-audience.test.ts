import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mostDollars, planSmoke, stopShare } from '../../smoke/plan.ts'
import {
  makeAudience,
  mixOf,
  SimulatorAddress,
  simulatorMailboxes,
  strangers,
  writeAudienceFile,
} from '../../smoke/simulator-audience.ts'
import { refuseStrangers } from '../../smoke/smoke-notice.ts'

const quota = { maxSendRate: 14, max24HourSend: 50_000, sentLast24Hours: 0, sendingEnabled: true }

describe('Nobody but the mailbox simulator', () => {
  it.each([
    'customer@example.com',
    'success@simulator.amazonses.com.example.com',
    'success+1@example.com',
    'ooto+1@simulator.amazonses.com',
    'customer@example.com,success+1@simulator.amazonses.com',
    'success+1@simulator.amazonses.com ',
    'success+1@simulator.amazonses.com\ncustomer@example.com',
    'success+a@b@simulator.amazonses.com',
    '"x"@example.com <success+1@simulator.amazonses.com>',
    'Success+1@simulator.amazonses.com',
    `success+${'1'.repeat(64)}@simulator.amazonses.com`,
    '',
  ])('%j makes no address', text => {
    expect(SimulatorAddress.from(text)).toBeUndefined()
    expect(strangers([text])).toBe(1)
    expect(() => refuseStrangers(['success+1@simulator.amazonses.com', text], 'The file')).toThrow('The file has 1')
  })

  it('a text that makes one is written as it was given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.constantFrom(...simulatorMailboxes), (label, mailbox) => {
        const text = `${mailbox}+${label}@simulator.amazonses.com`
        const address = SimulatorAddress.from(text)
        if (address !== undefined) expect([`${address}`, address.mailbox]).toEqual([text, mailbox])
        expect(address !== undefined).toBe(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(label) && text.length <= 64)
      }),
    )
  })

  it('every audience is of distinct addresses, some of each kind, and as many as were asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 2_000 }), recipients => {
        const texts = makeAudience(mixOf(recipients), 'mwpxai4a-a').map(String)
        expect(new Set(texts).size).toBe(recipients)
        expect(strangers(texts)).toBe(0)
        for (const mailbox of simulatorMailboxes) expect(texts.some(text => text.startsWith(`${mailbox}+`))).toBe(true)
      }),
    )
  })

  it('a label that would make other addresses makes none', () => {
    expect(() => makeAudience(mixOf(4), 'x@example.com')).toThrow(TypeError)
  })

  it('the file has a row for each', () => {
    const [head, ...rows] = writeAudienceFile(makeAudience(mixOf(4), 'run'))
      .trimEnd()
      .split('\n')
    expect(head).toBe('email,locale,first_name')
    expect(rows).toContain('bounce+run-1@simulator.amazonses.com,en,bounce')
    expect(rows.length).toBe(4)
  })
})

describe('How many are sent', () => {
  const planned = (given: Partial<typeof quota>, asked?: number) => planSmoke({ ...quota, ...given }, asked)

  it('half a minute of the rate', () => {
    expect(planned({})).toEqual({ kind: 'plan', plan: { recipients: 420, stopRecipients: 140 } })
  })

  it('in the sandbox, some dozens', () => {
    const sandbox = { maxSendRate: 1, max24HourSend: 200 }
    expect(planned(sandbox)).toEqual({ kind: 'plan', plan: { recipients: 30, stopRecipients: 20 } })
  })

  it('never more than 10,000 messages, nor than the day has room for, and never fewer than one of each kind', () => {
    const quotas = fc.record({
      maxSendRate: fc.integer({ min: 1, max: 5_000 }),
      max24HourSend: fc.integer({ min: 0, max: 1_000_000 }),
      sentLast24Hours: fc.integer({ min: 0, max: 1_000_000 }),
    })
    fc.assert(
      fc.property(quotas, fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined }), (given, asked) => {
        const found = planned(given, asked)
        if (found.kind === 'refused') return
        const { recipients, stopRecipients } = found.plan
        expect(recipients + stopRecipients).toBeLessThanOrEqual(10_000)
        expect(recipients + stopRecipients).toBeLessThanOrEqual(given.max24HourSend - given.sentLast24Hours)
        expect(recipients).toBeGreaterThanOrEqual(4)
        if (asked !== undefined) expect(recipients).toBe(asked)
      }),
    )
  })

  it.each([
    [{}, 3, '3 recipients are too few'],
    [{}, 10_000, 'at most 9860 others fit'],
    [{ max24HourSend: 200, sentLast24Hours: 190 }, undefined, 'has no room left: 190 of 200'],
  ])('%j with %s is refused with the reason', (given, asked, why) => {
    expect(planned(given, asked)).toMatchObject({ kind: 'refused', why: expect.stringContaining(why) })
  })

  it('what the mails cost is said by the dearest plan of SES', () => {
    expect(mostDollars({ recipients: 9_000, stopRecipients: 1_000 })).toBeCloseTo(2.3)
  })

  it('a fast account is held back in the notice that is stopped, and a slow one is not', () => {
    expect(stopShare({ recipients: 4, stopRecipients: 2_000, quota: { ...quota, maxSendRate: 1_000 } })).toBe(0.2)
    expect(stopShare({ recipients: 4, stopRecipients: 140, quota })).toBeUndefined()
  })
})
