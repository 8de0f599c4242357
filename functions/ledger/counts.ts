import * as z from 'zod'
import { type Finding, leakRuleNames } from '../leak-guard/rules.ts'
import { emptyTally, type Tally, tallySchema } from '../notice/notice.ts'
import type { Fact } from './delivery.ts'
import { type Delivery, factsByRecipient, foldDelivery, retryable } from './fate.ts'

/** Recipients of a batch by fate, and how many of them stand out. What is missing of the batch is pending. */
export const countsSchema = z.strictObject({
  tally: tallySchema,
  /** Of the accepted: came back … */
  bounced: z.number().int(),
  /** … or were complained about. */
  complained: z.number().int(),
  /** Failed or bounced for a reason that may pass. */
  retryable: z.number().int(),
  /** Sent again in doubt: may have got it twice. */
  sentAgain: z.number().int(),
  /** Whose last message the leak guard refused: how many by each rule, in each field. */
  rejections: z.record(z.string(), z.number().int()).default({}),
})
export type BatchCounts = z.infer<typeof countsSchema>

export const emptyCounts: BatchCounts = {
  tally: emptyTally,
  bounced: 0,
  complained: 0,
  retryable: 0,
  sentAgain: 0,
  rejections: {},
}

type Rejections = BatchCounts['rejections']

/** Those that come to nothing are not kept: a row says of a rule only where it has refused something. */
function combineRejections(a: Rejections, b: Rejections, sign: 1 | -1): Rejections {
  const places = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()
  const sums = places.map(place => [place, (a[place] ?? 0) + sign * (b[place] ?? 0)] as const)
  return Object.fromEntries(sums.filter(([, recipients]) => recipients !== 0))
}

/** What was refused, and for how many recipients. */
export type Rejection = Pick<Finding, 'rule' | 'field'> & { readonly recipients: number }

const placeOf = ({ rule, field }: Pick<Finding, 'rule' | 'field'>) => `${rule} ${field}`

/** Most recipients first. */
export function rejectionsIn({ rejections }: Pick<BatchCounts, 'rejections'>): readonly Rejection[] {
  return Object.entries(rejections)
    .flatMap(([place, recipients]) => {
      const rule = leakRuleNames.find(name => place.startsWith(`${name} `))
      return rule === undefined ? [] : [{ rule, field: place.slice(rule.length + 1), recipients }]
    })
    .sort((a, b) => b.recipients - a.recipients)
}

function combineTallies(a: Tally, b: Tally, sign: 1 | -1): Tally {
  return {
    accepted: a.accepted + sign * b.accepted,
    rejected: a.rejected + sign * b.rejected,
    failed: a.failed + sign * b.failed,
    suppressed: a.suppressed + sign * b.suppressed,
    inDoubt: a.inDoubt + sign * b.inDoubt,
  }
}

export const addTallies = (a: Tally, b: Tally): Tally => combineTallies(a, b, 1)
export const subtractTallies = (a: Tally, b: Tally): Tally => combineTallies(a, b, -1)

/** Recipients with a fate; planned less this is pending. */
export function settled(tally: Tally): number {
  return tally.accepted + tally.rejected + tally.failed + tally.suppressed + tally.inDoubt
}

function combine(a: BatchCounts, b: BatchCounts, sign: 1 | -1): BatchCounts {
  return {
    tally: combineTallies(a.tally, b.tally, sign),
    bounced: a.bounced + sign * b.bounced,
    complained: a.complained + sign * b.complained,
    retryable: a.retryable + sign * b.retryable,
    sentAgain: a.sentAgain + sign * b.sentAgain,
    rejections: combineRejections(a.rejections, b.rejections, sign),
  }
}

export const addCounts = (a: BatchCounts, b: BatchCounts): BatchCounts => combine(a, b, 1)
export const subtractCounts = (a: BatchCounts, b: BatchCounts): BatchCounts => combine(a, b, -1)

export function countsOfDelivery(delivery: Delivery): BatchCounts {
  const { fate, reached, sentAgain, refused } = delivery
  return {
    tally: fate.kind === 'pending' ? emptyTally : { ...emptyTally, [fate.kind]: 1 },
    bounced: fate.kind === 'accepted' && reached?.kind === 'bounced' ? 1 : 0,
    complained: reached?.kind === 'complained' ? 1 : 0,
    retryable: retryable(delivery) ? 1 : 0,
    sentAgain: sentAgain ? 1 : 0,
    rejections: refused === undefined ? {} : { [placeOf(refused)]: 1 },
  }
}

/** What the facts of a batch add up to. */
export function countsOf(facts: readonly Fact[]): BatchCounts {
  return [...factsByRecipient(facts).values()].map(foldDelivery).map(countsOfDelivery).reduce(addCounts, emptyCounts)
}

export function sameCounts(a: BatchCounts, b: BatchCounts): boolean {
  const { tally, rejections, ...rest } = subtractCounts(a, b)
  return [tally, rejections, rest].flatMap(Object.values<number>).every(difference => difference === 0)
}
