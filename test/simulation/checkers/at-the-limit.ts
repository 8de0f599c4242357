import { bucketCapacity } from '../../../local/ses-simulator/limits/rate-bucket.ts'
import { type Scenario, shareOf } from '../scenario.ts'
import { isCalm } from './calm.ts'
import type { Checker, Evidence } from './evidence.ts'
import { grantsIn, highestRate, type RateInForce, ratesInForce } from './grants.ts'
import { type SesCall, sesCalls } from './ses-calls.ts'

const SECOND_MS = 1_000
/** Two senders' clocks lie so far apart at most, and a slot may be used so late. */
const SKEW_MS = 100
const LATENESS_MS = 47
/** The ends of a window are slots as well; and a pacer that was idle begins with one more. */
const EDGES = 3

/**
 * Promise 4: no second has more calls than the rate that SES has shown, times the share, has slots, a changed rate once what was
 * given out before is used up; and without disturbance SES never throttles.
 */
export const atTheLimit: Checker = {
  name: 'at the limit',
  check: evidence => {
    const { history, scenario } = evidence
    const calls = sesCalls(history)
    const rates = ratesInForce(grantsIn(history), ({ shownRate }) => shownRate * largestShare(scenario))
    const over = firstOver(calls, rates, 1 + Object.keys(scenario.lanes).length)
    const bears = isCalm(evidence) && bearsAllLanes(scenario)
    const throttled = bears ? calls.find(({ entry }) => entry.served?.status === 429) : undefined
    return [
      ...(over === undefined ? [] : [over]),
      ...(throttled === undefined
        ? []
        : [{ atMs: throttled.startedAtMs, what: 'SES throttled a call, though nothing disturbs' }]),
      ...overGrants(evidence),
    ]
  },
}

/** Each lane's slots have their own order: one of each may come at once, and SES must bear it. */
function bearsAllLanes({ maxSendRate, lanes }: Scenario): boolean {
  return bucketCapacity({ maxSendRate, bucketDepthSeconds: 0.1 }) > 1 + Object.keys(lanes).length
}

/** What all notices together may use: the least that all of them are content with. */
const largestShare = (scenario: Scenario) => Math.max(...scenario.notices.map(notice => shareOf(scenario, notice)))

/** The first second with more calls than the rates in force in it have slots. */
export function firstOver(calls: readonly SesCall[], rates: readonly RateInForce[], pacers: number) {
  let first = 0
  for (const [index, { startedAtMs }] of calls.entries()) {
    while ((calls[first]?.startedAtMs ?? startedAtMs) <= startedAtMs - SECOND_MS) first++
    const granted = highestRate(rates, startedAtMs - SECOND_MS - SKEW_MS, startedAtMs)
    const most = (granted * (SECOND_MS + SKEW_MS + LATENESS_MS)) / SECOND_MS + EDGES * pacers
    const count = index - first + 1
    if (count > most) {
      return { atMs: startedAtMs, what: `${count} calls in a second, granted are ${granted.toFixed(1)} a second` }
    }
  }
  return undefined
}

/** No dispatcher grants more than its share of what SES has shown it. */
function overGrants({ history, scenario }: Evidence) {
  return grantsIn(history)
    .filter(({ ratePerSecond, shownRate }) => ratePerSecond > shownRate * largestShare(scenario) * 1.001)
    .slice(0, 1)
    .map(({ atMs, process, ratePerSecond, shownRate }) => ({
      atMs,
      what: `${process} granted ${ratePerSecond} a second, of ${shownRate} that it was shown`,
    }))
}
