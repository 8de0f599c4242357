import { enoughSenders } from '../../functions/pacer/concurrency.ts'
import { latencies } from './latencies.ts'

export type Table = 'plain' | 'disturbed' | 'compared' | 'hands'

/** How a notice is sent: by the product's own functions, or as others do it, against the same limit. */
export type Way =
  | { readonly kind: 'onlyto'; readonly senders: number }
  | { readonly kind: 'one-at-a-time' }
  /** Senders that each have an equal part of the rate and wait for each answer … */
  | { readonly kind: 'fixed-share'; readonly senders: number }
  /** … or send a batch without waiting, and then wait for all of its answers. */
  | { readonly kind: 'fixed-share-batches'; readonly senders: number }
  /** One message an invocation, which lasts a second at least. */
  | { readonly kind: 'padded-second'; readonly concurrency: number }

/** A lane's ceiling in recipients a second, the domain that is in it, and its part of the audience. */
export interface CaseLane {
  readonly pattern: string
  readonly domain: string
  readonly ceiling: number
  readonly part: number
}

export interface PerformanceCase {
  readonly table: Table
  readonly name: string
  readonly recipients: number
  /** What SES grants the account. */
  readonly ratePerSecond: number
  /** Of that, for notices. */
  readonly share: number
  readonly way: Way
  readonly lanes: readonly CaseLane[]
  /** Messages a second that other systems of the account send, as a part of its rate. */
  readonly others: number
  /** What SES grants from the moment on at which half of the recipients have been accepted. */
  readonly rateHalfWay: number | undefined
  /** Part of the senders' invocations that are killed. */
  readonly killed: number
  /** Every call of every service is counted, and every event comes back. */
  readonly metered: boolean
}

export const RATES = [14, 200, 1_000, 5_000] as const
const MOST_CONCURRENT = 1_000
const FIXED_SENDERS = 7
const HANDS_SECONDS = 20
const LEAST_HANDS_RECIPIENTS = 6_000

export const handsFor = (ratePerSecond: number) =>
  enoughSenders({ ratePerSecond, slowestAnswerMs: latencies.ses.latencyP99Ms })

const lane = (pattern: string, domain: string, ceiling: number, part: number): CaseLane => ({
  pattern,
  domain,
  ceiling,
  part,
})
const shortLanes = [
  lane('slow.example', 'slow.example', 5, 0.004),
  lane('large.example', 'large.example', 20, 0.015),
  lane('many.*', 'many.example', 50, 0.04),
]
const longLane = [lane('slow.example', 'slow.example', 5, 0.02), ...shortLanes.slice(1)]

/** Everything that is measured, with so many recipients each. */
export function performanceCases(recipients: number): readonly PerformanceCase[] {
  const onlyto = (ratePerSecond: number): Way => ({ kind: 'onlyto', senders: handsFor(ratePerSecond) })
  const calm = { recipients, share: 1, lanes: [], others: 0, rateHalfWay: undefined, killed: 0, metered: false }
  const plain = RATES.map(
    (ratePerSecond): PerformanceCase => ({
      ...calm,
      table: 'plain',
      name: `${ratePerSecond.toLocaleString('en')}/s`,
      ratePerSecond,
      way: onlyto(ratePerSecond),
    }),
  )
  const at1000 = { ...calm, table: 'disturbed', ratePerSecond: 1_000, way: onlyto(1_000) } as const
  const disturbed: readonly PerformanceCase[] = [
    { ...at1000, name: '3 lanes', lanes: shortLanes },
    { ...at1000, name: '3 lanes, one much longer than the rest', lanes: longLane },
    { ...at1000, name: 'others send 20 %, and the share leaves it to them', others: 0.2, share: 0.8 },
    { ...at1000, name: 'others send 20 %, and the share knows nothing of it', others: 0.2 },
    { ...at1000, name: 'half-way SES grants 2,000/s', rateHalfWay: 2_000, way: onlyto(2_000) },
    { ...at1000, name: 'half-way SES grants 500/s', rateHalfWay: 500 },
    { ...at1000, name: '5 % of the senders are killed', killed: 0.05 },
  ]
  const ways = (ratePerSecond: number): readonly (readonly [string, Way])[] => [
    ['one call at a time', { kind: 'one-at-a-time' }],
    ['a fixed share each, one call at a time', { kind: 'fixed-share', senders: FIXED_SENDERS }],
    ['a fixed share each, a batch at a time', { kind: 'fixed-share-batches', senders: FIXED_SENDERS }],
    [
      'one message an invocation of a second',
      { kind: 'padded-second', concurrency: Math.min(MOST_CONCURRENT, ratePerSecond) },
    ],
  ]
  const compared = RATES.flatMap(ratePerSecond =>
    ways(ratePerSecond).map(
      ([name, way]): PerformanceCase => ({ ...calm, table: 'compared', name, ratePerSecond, way }),
    ),
  )
  const hands = RATES.flatMap(ratePerSecond =>
    handCounts(ratePerSecond).map((senders): PerformanceCase => {
      const few = Math.min(recipients, Math.max(LEAST_HANDS_RECIPIENTS, ratePerSecond * HANDS_SECONDS))
      const way: Way = { kind: 'onlyto', senders }
      return { ...calm, recipients: few, table: 'hands', name: `${senders} senders`, ratePerSecond, way }
    }),
  )
  return [...plain, ...disturbed, ...compared, ...hands]
}

/** Half of what the formula gives, one fewer, as many, and two more; Lambda calls no fewer than two. */
function handCounts(ratePerSecond: number): readonly number[] {
  const formula = handsFor(ratePerSecond)
  const counts = [Math.ceil(formula / 2), formula - 1, formula, formula + 2].map(senders => Math.max(2, senders))
  return [...new Set(counts)]
}
