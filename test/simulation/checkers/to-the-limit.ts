import { isCalm } from './calm.ts'
import type { Checker, Evidence } from './evidence.ts'
import { type SesCall, sesCalls } from './ses-calls.ts'

const LEAST_UTILISATION = 0.99
/** Shorter than this, a single slot would be more than what may be lost. */
const LONG_ENOUGH = { calls: 150, ms: 10_000 } as const
/** From the last slots of a batch to the first of its sender's next. */
const AWAY_SECONDS = 0.4
/** Where calls of a sender end sooner, they give up the slots that they have just then. */
const LONG_CALL_MS = 300_000

/**
 * Promise 4, from below: while nothing goes wrong, nobody stops anything and there are senders enough, hardly a slot is lost
 * from the first call to the last.
 */
export const toTheLimit: Checker = {
  name: 'to the limit',
  check: evidence => {
    if (!isCalm(evidence) || !hasHands(evidence) || !sharesAlike(evidence)) return []
    return spells(evidence).flatMap(calls => {
      const [first, last] = [calls[0], calls.at(-1)]
      if (first === undefined || last === undefined) return []
      const lastedMs = last.startedAtMs - first.startedAtMs
      if (calls.length < LONG_ENOUGH.calls || lastedMs < LONG_ENOUGH.ms) return []
      const utilisation = (calls.length - 1) / ((grantedRate(evidence) * lastedMs) / 1000)
      if (utilisation >= LEAST_UTILISATION) return []
      const percent = (utilisation * 100).toFixed(1)
      return [
        { atMs: last.startedAtMs, what: `${calls.length} calls used ${percent} % of the slots that were granted` },
      ]
    })
  },
}

const grantedRate = ({ scenario: { maxSendRate, share } }: Evidence) => maxSendRate * share

/** Ceilings and shares leave slots unused on purpose, and whoever gives way to an urgent notice gives up the slots it holds. */
const sharesAlike = ({ scenario: { lanes, notices, account } }: Evidence) =>
  Object.keys(lanes).length === 0 &&
  account.quota === undefined &&
  notices.every(({ pace }) => pace.share === undefined && pace.urgent === undefined)

function hasHands(evidence: Evidence): boolean {
  const { senders, batchSize, senderTimeoutMs } = evidence.scenario
  const away = Math.ceil((AWAY_SECONDS * grantedRate(evidence)) / batchSize)
  return senders > away && senderTimeoutMs >= LONG_CALL_MS
}

/** The calls of notices that were sent at the same time, or one right after the other, where nobody stopped one. */
function spells({ history, operated }: Evidence): readonly (readonly SesCall[])[] {
  const ofNotices = [...Map.groupBy(sesCalls(history), ({ noticeId }) => noticeId).values()]
  const joined: { untilMs: number; calls: SesCall[] }[] = []
  for (const calls of ofNotices) {
    const fromMs = calls[0]?.startedAtMs ?? 0
    const untilMs = calls.at(-1)?.startedAtMs ?? 0
    const before = joined.at(-1)
    if (before !== undefined && fromMs <= before.untilMs) {
      before.calls.push(...calls)
      before.untilMs = Math.max(before.untilMs, untilMs)
    } else joined.push({ untilMs, calls: [...calls] })
  }
  const stopped = operated.some(({ planned }) => planned.deeds.some(({ deed }) => deed.startsWith('stop')))
  return stopped ? [] : joined.map(({ calls }) => calls.sort((a, b) => a.startedAtMs - b.startedAtMs))
}
