import { describe, expect, test } from 'vitest'
import { api, change, onlyto, send } from './command-under-test.ts'
import { scriptedTerminal } from './scripted-terminal.ts'

describe('the pace', () => {
  test('is left to the API where no option names it', async () => {
    await onlyto(send('--yes', '--no-watch'))
    for (const command of ['start', 'resume', 'retry']) await onlyto([command, 'n-1'])
    expect(api.paces).toEqual([{}, {}, {}, {}])
  })

  test('is given as options of send, start, resume and retry', async () => {
    const pace = ['--share', '0.5', '--urgent', '--over-days']
    await onlyto(send('--yes', '--no-watch', ...pace))
    for (const command of ['start', 'resume', 'retry']) await onlyto([command, 'n-1', ...pace])
    expect(api.paces).toEqual(Array.from({ length: 4 }, () => ({ share: 0.5, urgent: true, overDays: true })))
  })

  test('can be taken back where a notice has one already', async () => {
    await onlyto(['resume', 'n-1', '--no-urgent', '--no-over-days'])
    await onlyto(['retry', 'n-1', '--no-urgent'])
    expect(api.paces).toEqual([{ urgent: false, overDays: false }, { urgent: false }])
  })

  test.each(['0', '1.5', 'half', ''])('with a share of "%s" is not understood, and nothing is called', async share => {
    const { exitCode, err } = await onlyto(['start', 'n-1', '--share', share])
    expect(exitCode).toBe(2)
    expect(err).toContain('A share is a number above 0 and at most 1.')
    expect(api.calls).toEqual([])
  })

  test('is part of the command that starts a notice later', async () => {
    const { err } = await onlyto(send('--share', '0.5', '--urgent'), scriptedTerminal('n'))
    expect(err).toContain('To start it later:  npx onlyto start n-1 --share 0.5 --urgent --api')
  })
})

test('what the API warns of at a start is said, and the notice goes on', async () => {
  change({ warnings: ['This stack has 7 senders, and 9 are needed.'] })
  for (const command of ['start', 'resume', 'retry']) {
    const { exitCode, err } = await onlyto([command, 'n-1'])
    expect(exitCode).toBe(0)
    expect(err).toContain('Warning: This stack has 7 senders, and 9 are needed.')
  }
  expect((await onlyto(send('--yes'))).err).toContain('Warning: This stack has 7 senders')
})

describe('a refusal names the command that helps:', () => {
  const refuse = (kind: string, figures: object, action = 'start') =>
    change({
      refuse: {
        [`POST /notices/n-1/${action}`]: {
          status: 409,
          problem: { type: `urn:onlyto:problem:${kind}`, title: 'Title', detail: 'As the API says it.', ...figures },
        },
      },
    })
  const quota = { needed: 504_000, fitsToday: 43_300, quota: 50_000, share: 0.9, sentLast24Hours: 1_700, days: 12 }

  test('a quota that is too small for today', async () => {
    refuse('quota-too-small', quota)
    const { exitCode, err } = await onlyto(['start', 'n-1', '--share', '0.9'])
    expect(exitCode).toBe(1)
    expect(err).toBe(
      [
        "504,000 recipients to send to, and 43,300 fit into the account's 24-hour quota now. (POST /notices/n-1/start: HTTP 409)",
        '  The quota is 50,000, of which this notice may use 90 %; 1,700 were sent in the last 24 hours.',
        `  To send it over about 12 days:  npx onlyto start n-1 --share 0.9 --over-days --api ${api.url}`,
        '  To send it at once, ask AWS for a larger sending quota of SES, or send to fewer.',
      ].join('\n'),
    )
  })

  test('a quota that other notices need', async () => {
    refuse('quota-too-small', { ...quota, fitsToday: 1, pendingElsewhere: 40_000 }, 'resume')
    const { err } = await onlyto(['resume', 'n-1'])
    expect(err).toMatch(/and 1 fits into[\s\S]*, and other notices still have 40,000 to go\.\n.*resume n-1 --over-days/)
  })

  test('a quota that no day would be enough for', async () => {
    const { days: _, ...hopeless } = quota
    refuse('quota-too-small', hopeless)
    expect((await onlyto(['start', 'n-1'])).err).not.toContain('--over-days')
  })

  test('a share that is too large', async () => {
    refuse('share-too-large', { share: 0.95, stackShare: 0.9 })
    const { err } = await onlyto(['start', 'n-1', '--share', '0.95'])
    expect(err).toMatch(/--share 0\.95 is more than the stack may use of the account: 0\.9\./)
    expect(err).toContain(`leave --share out:  npx onlyto start n-1 --share 0.9 --api ${api.url}`)
  })

  test('lanes that the audience was not indexed under', async () => {
    refuse('lanes-changed', { errors: [{ detail: 'Recipients of 163.com are not held to 5 a second.' }] })
    const { err } = await onlyto(['start', 'n-1'])
    expect(err).toContain('Recipients of 163.com are not held to 5 a second.')
    expect(err).toContain('npx onlyto send NOTICE_DIR --audience FILE')
  })

  test('one whose figures are missing is told in the words of the API', async () => {
    refuse('quota-too-small', {})
    expect((await onlyto(['start', 'n-1'])).err).toContain('As the API says it.')
  })
})

describe('a notice that is being sent', () => {
  const since = '2026-11-20T12:00:00.000Z'
  const sending = { standings: [{ state: 'sending' as const, accepted: 935 }] }

  test.each([
    ['urgent-notice', 'waits for an urgent notice'],
    ['daily-quota', 'waits for the 24-hour quota'],
  ])('and waits (%s) says so in the list, in its status and where it is watched', async (reason, short) => {
    change({ ...sending, pace: { waits: { for: reason, since, says: 'It goes on by itself.' } } })
    expect((await onlyto(['notices'])).out).toBe(`n-1  2026-11-20 10:00  draft     A notice  (${short})`)
    const { out } = await onlyto(['status', 'n-1'])
    expect(out).toMatch(/Waits +since 2026-11-20 12:00:00.000 UTC. It goes on by itself.$/)
    expect(out).not.toContain('Left')
    expect(await watchedOnce()).toContain(short)
  })

  test('beside another says that it shares the rate, and what it gets of it', async () => {
    change({ ...sending, pace: { feed: { ratePerSecond: 100, sharedWith: 1 } } })
    expect((await onlyto(['notices'])).out).toContain('A notice  (shares the rate with 1 other)')
    expect((await onlyto(['status', 'n-1'])).out).toContain('limit 200/s; gets 100/s, shared with 1 other notice')
    expect(await watchedOnce()).toContain('15 s left, shares the rate with 1 other')
  })

  test('alone and at the usual pace says nothing of it', async () => {
    const pace = { urgent: false, overDays: false }
    change({ ...sending, pace: { pace, feed: { ratePerSecond: 200, sharedWith: 0 } } })
    expect((await onlyto(['notices'])).out).toBe('n-1  2026-11-20 10:00  draft     A notice')
    expect((await onlyto(['status', 'n-1'])).out).not.toMatch(/shared|Pace/)
  })

  test('shows the pace that was chosen', async () => {
    change({ ...sending, pace: { pace: { share: 0.125, urgent: true, overDays: true } } })
    expect((await onlyto(['status', 'n-1'])).out).toMatch(
      /Pace +urgent, at most 12\.5 % of the account's rate and quota, over days where the quota is too small/,
    )
  })

  async function watchedOnce(): Promise<string> {
    const terminal = scriptedTerminal()
    const watching = onlyto(['watch', 'n-1'], terminal)
    while (terminal.noted.length === 0) await new Promise(resolve => setImmediate(resolve))
    terminal.interrupt()
    return (await watching).err
  }
})

describe('the report', () => {
  const moments = { firstMs: 210, medianMs: 14_020, p99Ms: 27_560, lastMs: 187_835 }
  const en = { locale: 'en', accepted: 3135, ...moments }

  test('tells when everybody was told, and each locale', async () => {
    const zh = { locale: 'zh-TW', accepted: 1800, firstMs: 4_221, medianMs: 15_100, p99Ms: 27_580, lastMs: 27_829 }
    change({ reported: { times: { ...moments, locales: [en, zh] } } })
    expect((await onlyto(['report', 'n-1'])).out).toMatch(
      new RegExp(
        [
          'Told after +first +half +99 % +last',
          'everybody +4,935 +0\\.2 s +14\\.0 s +27\\.6 s +3 min 8 s',
          'en +3,135 +0\\.2 s +14\\.0 s +27\\.6 s +3 min 8 s',
          'zh-TW +1,800 +4\\.2 s +15\\.1 s +27\\.6 s +27\\.8 s$',
        ].join('\n'),
      ),
    )
  })

  test('names no locale where there is but one', async () => {
    change({ reported: { times: { ...moments, locales: [{ ...en, accepted: 4935 }] } } })
    expect((await onlyto(['report', 'n-1'])).out).toMatch(/everybody +4,935 .*$/)
  })

  test('tells what the rate was on average where it changed, and what senders took', async () => {
    change({
      reported: {
        limitPerSecond: 5,
        ratePerSecond: 99,
        utilisation: 0.99,
        idleMsPerMessage: 4.12,
        heldMsPerMessage: 131.5,
      },
    })
    const { out } = await onlyto(['report', 'n-1'])
    expect(out).toContain('99/s of 100/s granted, utilisation 99.0 %')
    expect(out).toMatch(/Senders +132 ms for each message, 4\.1 ms of it idle/)
  })
})
