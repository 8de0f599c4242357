import { shareOf } from '../scenario.ts'
import type { Checker, Evidence } from './evidence.ts'
import { noticesIn } from './ledger-view.ts'
import { cameBackForNow } from './once.ts'

/**
 * The day's quota is used to the share of it that is granted and no further, but for what other systems sent since notices were
 * begun, and for those sent to again in doubt until then: nobody can know of that before.
 */
export const dailyQuota: Checker = {
  name: 'daily quota',
  check: evidence => {
    const { scenario, quotaUses } = evidence
    const { quota } = scenario.account
    if (quota === undefined) return []
    const share = Math.max(...scenario.notices.map(notice => shareOf(scenario, notice)))
    const granted = Math.floor(share * quota.max24HourSend)
    const sentAgain = sentAgainInDoubt(evidence)
    const over = quotaUses.findIndex(
      ({ sentLast24Hours, foreign }, index) => sentLast24Hours - foreign > granted + (sentAgain[index] ?? 0),
    )
    const use = quotaUses[over]
    if (use === undefined) return []
    const { atMs, sentLast24Hours, foreign } = use
    const what = `${sentLast24Hours} sent in 24 hours, ${foreign} of them lately by others, ${sentAgain[over]} again in doubt`
    return [{ atMs, what: `${what}: ${granted} are granted` }]
  },
}

/** For each accepted message: how many until then went to somebody whose earlier message was not known to have come back. */
function sentAgainInDoubt(evidence: Evidence): readonly number[] {
  const facts = [...noticesIn(evidence).values()].flatMap(({ factsByBatch }) => [...factsByBatch.values()].flat())
  const cameBack = new Set(facts.flatMap(fact => (cameBackForNow(fact) ? [fact.messageId] : [])))
  const reached = new Set<string>()
  let again = 0
  return evidence.accepted.map(({ messageId, tags, to }) => {
    const recipient = `${tags['notice']} ${to}`
    if (reached.has(recipient)) again++
    if (!cameBack.has(messageId)) reached.add(recipient)
    return again
  })
}
