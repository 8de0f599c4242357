import { shareOf } from '../scenario.ts'
import { isCalm } from './calm.ts'
import type { Checker, Evidence } from './evidence.ts'
import { sesCalls } from './ses-calls.ts'

const LEAST_UTILISATION = 0.99
/** Shorter than this, a single slot would be more than what may be lost. */
const LONG_ENOUGH = { calls: 150, ms: 10_000 } as const
/** From the last slots of a batch to the first of its sender's next. */
const AWAY_SECONDS = 0.4

/**
 * Promise 4, from below: while nothing goes wrong, nobody stops the notice and there are senders enough, hardly a slot is lost
 * from its first call to its last.
 */
export const toTheLimit: Checker = {
  name: 'to the limit',
  check: evidence => {
    const calls = sesCalls(evidence.history)
    const [first, last] = [calls[0], calls.at(-1)]
    const rate = rateOfOnlyNotice(evidence)
    if (first === undefined || last === undefined || rate === undefined || !hasHands(evidence, rate)) return []
    const lastedMs = last.startedAtMs - first.startedAtMs
    if (calls.length < LONG_ENOUGH.calls || lastedMs < LONG_ENOUGH.ms) return []
    const utilisation = (calls.length - 1) / ((rate * lastedMs) / 1000)
    if (utilisation >= LEAST_UTILISATION) return []
    const percent = (utilisation * 100).toFixed(1)
    return [{ atMs: last.startedAtMs, what: `${calls.length} calls used ${percent} % of the slots that were granted` }]
  },
}

/**
 * What is granted to a notice that is sent alone and calmly. Ceilings leave slots unused on purpose; and of several notices one
 * that is urgent or ends first leaves some, until the others are fed for more.
 */
function rateOfOnlyNotice(evidence: Evidence): number | undefined {
  const { lanes, notices, account, maxSendRate } = evidence.scenario
  const [notice, ...others] = notices
  const unhindered = isCalm(evidence) && Object.keys(lanes).length === 0 && account.quota === undefined
  if (notice === undefined || others.length > 0 || !unhindered) return undefined
  const isStopped = notice.deeds.some(({ deed }) => deed.startsWith('stop'))
  return isStopped ? undefined : maxSendRate * shareOf(evidence.scenario, notice)
}

function hasHands({ scenario: { senders, batchSize } }: Evidence, rate: number): boolean {
  return senders > Math.ceil((AWAY_SECONDS * rate) / batchSize)
}
