import type { OperatedNotice } from '../notice-script.ts'
import type { Checker, Evidence } from './evidence.ts'
import { type SesCall, sesCalls } from './ses-calls.ts'

/** Until every sender has read that it gives way, and what it had in flight is over. */
const GIVES_WAY_MS = 5_000
/** The last round of work of an urgent notice is in senders' hands: others are fed behind it … */
const LAST_ROUND_MS = 5_000
/** … by a dispatcher that comes round as often, and counts what is left as it was when the batches were claimed. */
const ROUND_MS = 15_000

/**
 * An urgent notice goes first: where nothing goes wrong, nobody else is sent to from a few seconds after its first call until
 * what is left of it is in senders' hands.
 */
export const urgentFirst: Checker = {
  name: 'urgent first',
  check: evidence => {
    if (Object.keys(evidence.scenario.weights).length > 0 || evidence.scenario.account.quota !== undefined) return []
    const calls = Map.groupBy(sesCalls(evidence.history), ({ noticeId }) => noticeId)
    const [urgent, usual] = [true, false].map(wanted => ofUrgency(evidence, calls, wanted))
    return (urgent ?? []).filter(goesThrough).flatMap(first => {
      const fromMs = (first.calls[0]?.startedAtMs ?? 0) + GIVES_WAY_MS
      const untilMs = (first.calls.at(-1)?.startedAtMs ?? 0) - LAST_ROUND_MS - ROUND_MS
      return (usual ?? []).flatMap(other => {
        const late = other.calls.find(({ startedAtMs }) => startedAtMs > fromMs && startedAtMs < untilMs)
        if (late === undefined) return []
        const what = `${late.entry.process} sent for ${late.noticeId} while the urgent ${first.notice.noticeId} had much to send`
        return [{ atMs: late.startedAtMs, what }]
      })
    })
  },
}

interface Sent {
  readonly notice: OperatedNotice
  readonly calls: readonly SesCall[]
}

function ofUrgency(
  { operated }: Evidence,
  calls: ReadonlyMap<string, readonly SesCall[]>,
  wanted: boolean,
): readonly Sent[] {
  return operated
    .filter(({ planned }) => (planned.pace.urgent ?? false) === wanted)
    .map(notice => ({ notice, calls: calls.get(notice.noticeId ?? '') ?? [] }))
}

/** Whoever is stopped has nothing to send for a while. */
const goesThrough = ({ notice: { planned } }: Sent) => planned.deeds.every(({ deed }) => !deed.startsWith('stop'))
