import type { Lanes } from '../../functions/pacer/lanes.ts'
import { type AccountLife, drawAccountLife, drawAllowance, leastRate } from './account-life.ts'
import { drawFaultWeights, type FaultWeights } from './faults.ts'
import { drawDomain, drawLanes, laneOf } from './lanes.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'

/** One row of an uploaded audience. */
export interface Person {
  readonly address: string
  readonly name: string
}

export interface PlannedNotice {
  readonly number: number
  readonly people: readonly Person[]
  /** Rows that the audience must refuse: duplicates and addresses without a domain. */
  readonly badRows: number
  readonly policy: 'resend' | 'leave'
  readonly pace: PlannedPace
  /** What the operator does once the notice is started: at what time after the start, in milliseconds. */
  readonly deeds: readonly { readonly afterMs: number; readonly deed: Deed }[]
  readonly startsAfterMs: number
  readonly impatient: boolean
  readonly retries: boolean
}

/** What the operator asks for at the start. */
export interface PlannedPace {
  readonly share?: number
  readonly urgent?: boolean
}

export type Deed = 'stop' | 'stop-all' | 'resume' | 'status' | 'report' | 'list' | 'who' | 'look-up'

/** Everything that a seed decides before anything happens. */
export interface Scenario {
  readonly seed: string
  readonly weights: FaultWeights
  /** What SES grants the account, in recipients a second. */
  readonly maxSendRate: number
  readonly account: AccountLife
  readonly share: number
  readonly lanes: Lanes
  readonly senders: number
  readonly batchSize: number
  readonly settleDelayMs: number
  readonly senderTimeoutMs: number
  /** How long faults may happen. */
  readonly safetyMs: number
  readonly notices: readonly PlannedNotice[]
}

/** Every recipient's address begins so, and nothing else does: whoever writes one down anywhere is found out. */
export const RECIPIENT_MARK = 'cust0mer'

export function drawScenario(seed: string): Scenario {
  const random = seededRandom(seed).fork('scenario')
  const long = random.fork('long').chance(LONG)
  const maxSendRate = Math.round(random.acrossScales(5, long ? 80 : 400))
  const shortSize = random.pick([
    [1, 8],
    [5, 40],
    [20, 200],
  ] as const)
  const [fewest, most] = long ? ([LONG_SECONDS[0] * maxSendRate, LONG_SECONDS[1] * maxSendRate] as const) : shortSize
  const share = random.fork('share').pick([0.5, 0.9, 1])
  const lanes = drawLanes(random.fork('lanes'), maxSendRate, most)
  const notices = Array.from({ length: random.pick([1, 1, 1, 2, 2, 3]) }, (_, number) =>
    drawNotice(random.fork(`notice/${number}`), { number, maxSendRate, share, lanes, size: [fewest, most] }),
  )
  const leastShare = Math.min(...notices.map(notice => shareOf({ share }, notice)))
  const people = notices.reduce((sum, notice) => sum + notice.people.length, 0)
  const account = drawAccountLife(random.fork('account'), maxSendRate, (most / maxSendRate) * 1000)
  const quota = random.fork('quota')
  return {
    seed,
    weights: long && random.fork('calm').chance(CALM_AND_LONG) ? {} : drawFaultWeights(random.fork('faults')),
    maxSendRate,
    account: {
      ...account,
      ...(quota.chance(LIMITED) && {
        quota: drawAllowance(quota, account, { people, share: leastShare, maxSendRate }),
      }),
    },
    share,
    lanes,
    senders: random.integer(2, 6),
    batchSize: random.chance(0.2) ? 100 : Math.round(random.acrossScales(long ? 10 : 1, 40)),
    settleDelayMs: Math.round(random.acrossScales(2, 60)) * 1000,
    senderTimeoutMs: random.chance(0.8) ? 300_000 : random.integer(30, 60) * 1000,
    safetyMs: random.acrossScales(20_000, 300_000),
    notices,
  }
}

/** How often the daily quota is limited. */
const LIMITED = 0.1

/** Notices that take long enough for a pace to be seen, and so cost the most. */
const LONG = 0.05
const CALM_AND_LONG = 0.5
const LONG_SECONDS = [8, 40] as const

/** Most operators stop and resume. */
const DEEDS: readonly Deed[] = [
  ...(['stop', 'stop', 'stop', 'stop', 'resume', 'resume', 'resume', 'resume', 'stop-all'] as const),
  ...(['status', 'report', 'list', 'who', 'look-up'] as const),
]

interface NoticeFrame {
  readonly number: number
  readonly maxSendRate: number
  readonly share: number
  readonly lanes: Lanes
  readonly size: readonly [number, number]
}

function drawNotice(random: SeededRandom, { number, maxSendRate, share, lanes, size }: NoticeFrame): PlannedNotice {
  const domains = random.fork('domains')
  const pace = random.fork('pace')
  const count = Math.round(random.acrossScales(...size))
  const people = Array.from({ length: count }, (_, index) => ({
    address: `${RECIPIENT_MARK}-${number}-${index}@${drawDomain(domains, lanes)}`,
    name: random.chance(0.2) ? `O'Neil & <${index}>` : `Customer ${index}`,
  }))
  const usualMs = (count / maxSendRate) * 1000 + 2000
  const deeds = Array.from({ length: random.pick([0, 0, 1, 2, 4, 6]) }, () => ({
    afterMs: random.between(0, 2) * usualMs,
    deed: random.pick(DEEDS),
  }))
  return {
    number,
    people,
    badRows: random.chance(0.3) ? random.integer(1, 5) : 0,
    policy: random.chance(0.75) ? 'resend' : 'leave',
    pace: {
      ...(pace.chance(0.25) && { share: Number((share * pace.between(0.2, 1)).toFixed(2)) }),
      ...(pace.chance(0.2) && { urgent: true }),
    },
    deeds: deeds.sort((a, b) => a.afterMs - b.afterMs),
    startsAfterMs: random.chance(0.5) ? 0 : random.between(0, 20_000),
    impatient: random.chance(0.3),
    retries: random.chance(0.5),
  }
}

/** What a notice may use of the account's rate and quota. */
export function shareOf({ share }: Pick<Scenario, 'share'>, { pace }: Pick<PlannedNotice, 'pace'>): number {
  return Math.min(share, pace.share ?? share)
}

/** A bound for how long it takes to send everything, one notice after the other, some of it again. */
export function longestSendingMs(scenario: Scenario): number {
  const seconds = scenario.notices.map(notice => {
    const lanes = Map.groupBy(notice.people, ({ address }) => laneOf(address, scenario.lanes))
    const inLanes = [...lanes].map(
      ([lane, { length }]) => length / (scenario.lanes[lane ?? ''] ?? Number.POSITIVE_INFINITY),
    )
    return Math.max(notice.people.length / leastRate(scenario) / shareOf(scenario, notice), ...inLanes)
  })
  return seconds.reduce((sum, each) => sum + each, 0) * 2_000
}

/** The uploaded file: refused rows among the others. */
export function audienceFile({ people, badRows }: PlannedNotice): string {
  const rows = people.map(({ address, name }) => `${address},"${name}"`)
  const bad = Array.from({ length: badRows }, (_, index) =>
    index % 2 === 0 ? `${RECIPIENT_MARK}-nowhere-${index},Nobody` : `${people[0]?.address},"Twice"`,
  )
  return `email,name\n${[...rows, ...bad].join('\n')}\n`
}

/** What every notice says. The names hold what HTML must escape. */
export const content = {
  defaultLocale: 'en',
  variants: {
    en: {
      subject: 'Index change',
      text: 'Dear {{name}},\nthe index changes on Monday. Questions: support@onlyto.example',
      html: '<p>Dear {{name}},</p><p>the index changes on Monday. Questions: support@onlyto.example</p>',
    },
  },
} as const
