import { shareOf } from '../scenario.ts'
import type { Checker } from './evidence.ts'
import { grantsIn } from './grants.ts'
import { sesCalls } from './ses-calls.ts'

/** What the queue and the senders hold of a notice: it is fed so far ahead, once more whenever its feeding begins anew. */
const AHEAD_MS = 20_000
/** A notice always has so many batches at least to be sent. */
const BATCHES = 2

/**
 * A notice with a share of its own is sent no faster over time, whoever else is being sent: its calls up to any moment are at
 * most what its share comes to since its first, and what it is fed ahead.
 */
export const ownShare: Checker = {
  name: 'own share',
  check: ({ history, operated, scenario }) => {
    const highest = Math.max(0, ...grantsIn(history).map(({ shownRate }) => shownRate))
    const calls = Map.groupBy(sesCalls(history), ({ noticeId }) => noticeId)
    const shared = operated.filter(
      ({ planned }) => shareOf(scenario, planned) < scenario.share && isPlain(planned.deeds),
    )
    return shared.flatMap(({ noticeId = '', planned }) => {
      const share = shareOf(scenario, planned)
      const own = calls.get(noticeId) ?? []
      const fromMs = own[0]?.startedAtMs ?? 0
      const over = own.find(({ startedAtMs }, index) => {
        const most = (share * highest * (startedAtMs - fromMs + AHEAD_MS)) / 1000 + BATCHES * scenario.batchSize
        return index + 1 > most
      })
      if (over === undefined) return []
      return [{ atMs: over.startedAtMs, what: `${noticeId} was sent faster than its share of ${share}` }]
    })
  },
}

/** Each run is fed anew. */
const isPlain = (deeds: readonly { readonly deed: string }[]) => deeds.every(({ deed }) => !/stop|resume/.test(deed))
