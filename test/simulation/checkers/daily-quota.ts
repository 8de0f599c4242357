import { shareOf } from '../scenario.ts'
import type { Checker, Evidence } from './evidence.ts'

/**
 * The day's quota is used to the share of it that is granted and no further, but for what other systems sent since notices were
 * begun, and for those sent to again in doubt: nobody can know of that before.
 */
export const dailyQuota: Checker = {
  name: 'daily quota',
  check: ({ scenario, quotaUses, accepted }: Evidence) => {
    const { quota } = scenario.account
    if (quota === undefined) return []
    const share = Math.max(...scenario.notices.map(notice => shareOf(scenario, notice)))
    const again = accepted.length - new Set(accepted.map(({ tags, to }) => `${tags['notice']} ${to}`)).size
    const most = Math.floor(share * quota.max24HourSend) + again
    const over = quotaUses.find(({ sentLast24Hours, foreign }) => sentLast24Hours - foreign > most)
    if (over === undefined) return []
    const { atMs, sentLast24Hours, foreign } = over
    return [
      { atMs, what: `${sentLast24Hours} sent in 24 hours, ${foreign} of them lately by others: ${most} are granted` },
    ]
  },
}
