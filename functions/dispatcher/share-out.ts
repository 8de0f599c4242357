import type { Lanes } from '../pacer/lanes.ts'
import { MAIN_LANE } from './workload.ts'

/** A notice that has something to send, as a sharer of the rate. */
export interface Sharer {
  readonly noticeId: string
  readonly urgent: boolean
  /** Share of the account's rate that it may use, at most that of the stack. */
  readonly share: number
  /** Recipients that could be sent to now, by lane. */
  readonly runnable: ReadonlyMap<string, number>
  /** Whether its work would last beyond the next round. False: whoever waits for it may be fed behind it. */
  readonly holdsOthersBack: boolean
}

export interface SharedOut {
  /** Recipients a second for all of them together. */
  readonly totalPerSecond: number
  /** What the pacer of each lane is to be granted. */
  readonly byLane: ReadonlyMap<string, number>
  /** What each notice is fed with, by lane. Whoever is missing waits for an urgent notice. */
  readonly byNotice: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/** A lane that ends too late has nobody to make up for it; what it leaves by ending early, the main lane takes. */
const AHEAD_OF_OTHERS = 1.5
/** A lane of few recipients would wait long for each slot of its part: it gets so many a second … */
const LEAST_RATE = 0.2
/** … or this part of the rate. */
const LEAST_PART = 0.05

/**
 * Divides the account's rate. Urgent notices go first, alone; all others equally, up to their own shares. A lane gets half as
 * much again as its part of the recipients, at most its ceiling: it never slows the rest, and what it cannot use is theirs.
 */
export function shareOut(maxSendRate: number, lanes: Lanes, all: readonly Sharer[]): SharedOut {
  const first = all.some(({ urgent, holdsOthersBack }) => urgent && holdsOthersBack)
  const sharers = first ? all.filter(({ urgent }) => urgent) : all
  const active = sharers.filter(({ runnable }) => runnable.values().some(recipients => recipients > 0))
  const totalPerSecond = maxSendRate * Math.max(0, ...(active.length > 0 ? active : sharers).map(({ share }) => share))
  const demand = new Map<string, number>()
  for (const { runnable } of sharers) {
    for (const [lane, recipients] of runnable) demand.set(lane, (demand.get(lane) ?? 0) + recipients)
  }
  const everybody = demand.values().reduce((sum, recipients) => sum + recipients, 0)
  const least = Math.min(LEAST_PART, LEAST_RATE / totalPerSecond) * everybody
  for (const [lane, recipients] of demand) {
    if (recipients > 0 && lane !== MAIN_LANE) demand.set(lane, Math.max(AHEAD_OF_OTHERS * recipients, least))
  }
  const byLane = fill(totalPerSecond, demand, lane => lanes[lane] ?? Number.POSITIVE_INFINITY)
  const byNotice = new Map<string, Map<string, number>>(sharers.map(({ noticeId }) => [noticeId, new Map()]))
  for (const [lane, rate] of byLane) {
    const inLane = sharers.filter(({ runnable }) => (runnable.get(lane) ?? 0) > 0)
    const equal = new Map(inLane.map(({ noticeId }) => [noticeId, 1]))
    const shareOf = new Map(inLane.map(({ noticeId, share }) => [noticeId, share]))
    const parts = fill(rate, equal, noticeId => maxSendRate * (shareOf.get(noticeId) ?? 0))
    for (const [noticeId, part] of parts) byNotice.get(noticeId)?.set(lane, part)
  }
  return { totalPerSecond, byLane, byNotice }
}

/**
 * Divides a rate in proportion to weights, nobody above a ceiling; what one cannot take goes to the others. Less than the whole
 * is given out only if all are at their ceilings.
 */
export function fill(
  rate: number,
  weights: ReadonlyMap<string, number>,
  ceilingOf: (name: string) => number,
): ReadonlyMap<string, number> {
  const given = new Map<string, number>()
  const open = new Map([...weights].filter(([, weight]) => weight > 0))
  let left = rate
  while (open.size > 0) {
    const weight = open.values().reduce((sum, one) => sum + one, 0)
    const capped = [...open].filter(([name, own]) => (left * own) / weight >= ceilingOf(name))
    if (capped.length === 0) {
      for (const [name, own] of open) given.set(name, (left * own) / weight)
      break
    }
    for (const [name] of capped) {
      given.set(name, ceilingOf(name))
      open.delete(name)
    }
    left = Math.max(0, rate - given.values().reduce((sum, one) => sum + one, 0))
  }
  return given
}
