import type { Checker } from './evidence.ts'
import { sesCalls } from './ses-calls.ts'

const SECOND_MS = 1_000
/** Two senders' clocks lie so far apart at most, and a slot may be used so late. */
const SKEW_MS = 100
const LATENESS_MS = 47
/** The ends of a window are slots as well; and a pacer that was idle begins with one more. */
const EDGES = 3

/** Promise 4: no second has more calls than the granted rate has slots; and without disturbance SES never throttles. */
export const atTheLimit: Checker = {
  name: 'at the limit',
  check: ({ history, scenario }) => {
    const calls = sesCalls(history)
    const granted = scenario.maxSendRate * scenario.share
    const most = (granted * (SECOND_MS + SKEW_MS + LATENESS_MS)) / SECOND_MS + EDGES
    const findings = []
    let first = 0
    for (const [index, { startedAtMs }] of calls.entries()) {
      while ((calls[first]?.startedAtMs ?? startedAtMs) <= startedAtMs - SECOND_MS) first++
      const count = index - first + 1
      if (count > most) {
        findings.push({ atMs: startedAtMs, what: `${count} calls in a second, granted are ${granted} a second` })
        break
      }
    }
    const calm = Object.keys(scenario.weights).length === 0 && scenario.share <= 0.9
    const throttled = calls.find(({ entry }) => entry.served?.status === 429)
    if (calm && throttled !== undefined) {
      findings.push({ atMs: throttled.startedAtMs, what: 'SES throttled a call, though nothing disturbs' })
    }
    return findings
  },
}
