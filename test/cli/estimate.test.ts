import { describe, expect, test } from 'vitest'
import { createApiClient, type Fetch } from '../../cli/api-client.ts'
import { tellEstimate } from '../../cli/estimate.ts'
import { costByPlan } from '../../functions/cost/by-plan.ts'
import { costParts } from '../../functions/cost/estimate.ts'
import { partNames } from '../../functions/cost/names.ts'
import { sesPlanNames } from '../../functions/cost/prices.ts'
import { api, change, onlyto, send } from './command-under-test.ts'
import { fakeEstimate } from './fake-estimate.ts'
import { scriptedTerminal } from './scripted-terminal.ts'

describe('estimate of a notice', () => {
  test('shows what it takes, part by part, in a column for each plan', async () => {
    const { exitCode, out } = await onlyto(['estimate', 'n-1'])
    expect(exitCode).toBe(0)
    expect(out.split('\n').map(line => line.trim().replaceAll(/ {2,}/g, ' | '))).toEqual([
      '4,935 recipients at 200/s: 25 s, if nothing else is sent.',
      '',
      'a la carte | Essentials',
      'SES | $0.49 | $0.79',
      'SNS, two events a message | $0.01 | $0.01',
      'S3 | under $0.01 | under $0.01',
      'KMS | $0.00 | $0.00',
      'all else of sending | $0.01 | $0.01',
      'over SES | 1.8 % | 1.1 %',
      'keeping it 400 days | $0.01 | $0.01',
      'total | $0.52 | $0.81',
      '',
      'An estimate, and no bill.',
    ])
    const table = out.split('\n').slice(2, 11)
    expect(new Set(table.map(({ length }) => length)).size).toBe(1)
  })

  test('passes on the plan and the share that it is asked for', async () => {
    await onlyto(['estimate', 'n-1', '--plan', 'essentials', '--share', '0.5'])
    await onlyto(['estimate', 'n-1'])
    expect(api.estimated).toEqual([{ plan: 'essentials', share: '0.5' }, {}])
  })

  test('tells of the days that the quota makes of it, and of what a plan costs besides', async () => {
    const plans = [{ ...fakeEstimate.plans[0], plan: 'pro', planMonthly: 105 }]
    change({ estimate: { ...fakeEstimate, days: 12, plans } })
    const { out } = await onlyto(['estimate', 'n-1'])
    expect(out).toContain("The account's 24-hour quota is too small for all of it today: it takes about 12 days.")
    expect(out).toContain('The plan Pro costs $105 a month besides.')
  })

  test('says which plan the account has where another was asked for too', async () => {
    change({ estimate: { ...fakeEstimate, accountPlan: 'essentials' } })
    expect((await onlyto(['estimate', 'n-1'])).out).toContain('The account has the plan Essentials.')
  })

  test('shows plans and parts that this program does not know by the names that the API has for them', async () => {
    const plans = [{ ...fakeEstimate.plans[0], plan: 'platinum' }]
    change({ estimate: { ...fakeEstimate, plans, byPart: { quantum: 2 } } })
    expect((await onlyto(['estimate', 'n-1'])).out).toMatch(/ platinum\n[\s\S]*quantum +\$2\.00/)
  })

  test('is refused in the words of the API', async () => {
    const problem = { title: 'No', detail: 'The audience of notice n-1 has not been uploaded yet.' }
    change({ refuse: { 'GET /notices/n-1/estimate': { status: 409, problem } } })
    const { exitCode, err } = await onlyto(['estimate', 'n-1'])
    expect(exitCode).toBe(1)
    expect(err).toContain('has not been uploaded yet. (GET /notices/n-1/estimate: HTTP 409)')
  })
})

describe('estimate without a notice', () => {
  const size = ['--recipients', '504000', '--rate', '200']

  test('is reckoned by the model, and asks no API', async () => {
    const { exitCode, out } = await onlyto(['estimate', ...size])
    expect(exitCode).toBe(0)
    expect(api.calls).toEqual([])
    expect(out).toContain('504,000 recipients at 200/s: 42 min 0 s')
    expect(out).toMatch(/ a la carte +Essentials\nSES +\$50\.40 +\$80\.64\n/)
    for (const part of costParts) expect(out).toContain(`\n${partNames[part]} `)
    expect(out).toContain('us-east-1 in November 2026')
    const { plans, overhead } = costByPlan({
      ...{ recipients: 504_000, ratePerSecond: 200, deliveryRetentionDays: 400 },
      plans: ['a-la-carte'],
    })
    expect(out).toMatch(new RegExp(`all else of sending +\\$${overhead.toFixed(2)} `))
    expect(out).toMatch(new RegExp(`total +\\$${plans[0]?.total.toFixed(2)} `))
  })

  test.each(sesPlanNames)('is for %s alone where that is asked for', async plan => {
    const { out } = await onlyto(['estimate', ...size, '--plan', plan])
    expect(out.split('\n')[2]?.trim()).toMatch(/^(a la carte|Essentials|Pro|Enterprise)$/)
  })

  test.each([
    [[], 'give the id of one notice, or --recipients and --rate'],
    [['--recipients', '504000'], 'give the id of one notice'],
    [['--rate', '200'], 'give the id of one notice'],
    [['n-1', ...size], 'give the id of one notice'],
    [[...size, '--share', '0.5'], 'give the id of one notice'],
    [['--recipients', '0', '--rate', '200'], 'Recipients are a whole number'],
    [['--recipients', '1.5', '--rate', '200'], 'Recipients are a whole number'],
    [['--recipients', '504,000', '--rate', '200'], 'Recipients are a whole number'],
    [['--recipients', '1', '--rate', '0'], 'A rate is a number above 0'],
    [['--recipients', '1', '--rate', 'fast'], 'A rate is a number above 0'],
    [[...size, '--plan', 'free'], 'a-la-carte, essentials, pro, enterprise'],
  ])('with %j it is not understood, and nothing is called', async (args, what) => {
    const { exitCode, err } = await onlyto(['estimate', ...args])
    expect(exitCode).toBe(2)
    expect(err).toContain(what)
    expect(api.calls).toEqual([])
  })
})

describe('send', () => {
  test('tells in a line what a start will cost, at the share that it will have, before it asks', async () => {
    const terminal = scriptedTerminal('y')
    const toldBefore: string[] = []
    const ask = (question: string) => {
      toldBefore.push(...terminal.noted)
      return terminal.ask(question)
    }
    await onlyto(send('--share', '0.5', '--urgent'), { ...terminal, ask })
    expect(toldBefore.at(-1)).toBe(
      '4,935 recipients: about 25 s at 200/s, and about $0.52 (a la carte) or $0.81 (Essentials).\n',
    )
    expect(api.estimated).toEqual([{ share: '0.5' }])
  })

  test('names no plan where the account has one, and days where the quota makes days of it', async () => {
    change({ estimate: { ...fakeEstimate, accountPlan: 'a-la-carte', plans: [fakeEstimate.plans[0]], days: 2 } })
    const { err } = await onlyto(send(), scriptedTerminal('n'))
    expect(err).toContain('4,935 recipients: about 2 days, for the 24-hour quota, and about $0.52.\n')
  })

  test('makes nothing of less than a cent', async () => {
    const plans = fakeEstimate.plans.map(plan => ({ ...plan, total: 0.0004 }))
    change({ estimate: { ...fakeEstimate, recipients: 1, seconds: 0.5, plans } })
    const { err } = await onlyto(send(), scriptedTerminal('n'))
    expect(err).toContain('1 recipient: about 0.5 s at 200/s, and less than a cent.\n')
  })

  test('does not ask what it costs where it does not ask whether to start', async () => {
    await onlyto(send('--yes', '--no-watch'))
    expect(api.estimated).toEqual([])
  })

  test.each([
    ['a stack that is older knows no such route', 404, { message: 'Not Found' }],
    ['the call fails', 500, {}],
    ['what comes is no estimate', 200, 'certainly'],
  ])('goes on without where %s', async (_, status, problem) => {
    change({ refuse: { 'GET /notices/n-1/estimate': { status, problem } } })
    const { exitCode, asked, err } = await onlyto(send('--no-watch'), scriptedTerminal('y'))
    expect({ exitCode, asked }).toEqual({ exitCode: 0, asked: ['Start sending to 4,935 recipients? [y/N] '] })
    expect(err).not.toContain('about')
    expect(api.calls).toContain('GET /notices/n-1/estimate')
  })

  test('goes on without where no answer comes in time', async () => {
    const never: Fetch = (_, { signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    const terminal = scriptedTerminal()
    const patience = new AbortController()
    const told = tellEstimate(
      { client: createApiClient('http://api.test', never), terminal },
      'n-1',
      {},
      patience.signal,
    )
    patience.abort()
    await told
    expect(terminal.noted).toEqual([])
  })
})
