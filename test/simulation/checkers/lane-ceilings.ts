import { laneOf } from '../lanes.ts'
import { firstOver } from './at-the-limit.ts'
import type { Checker } from './evidence.ts'
import { sesCalls } from './ses-calls.ts'

/** Promise 4, lane by lane: no second has more calls to the recipients of a lane than its ceiling has slots. */
export const laneCeilings: Checker = {
  name: 'lane ceilings',
  check: ({ history, scenario: { lanes } }) => {
    const calls = Map.groupBy(sesCalls(history), ({ mail }) =>
      laneOf(mail.Destination['ToAddresses']?.[0] ?? '', lanes),
    )
    return Object.entries(lanes).flatMap(([lane, ceiling]) => {
      const always = [{ fromMs: 0, untilMs: Number.POSITIVE_INFINITY, ratePerSecond: ceiling }]
      const over = firstOver(calls.get(lane) ?? [], always, 1)
      return over === undefined ? [] : [{ ...over, what: `lane ${lane}: ${over.what}` }]
    })
  },
}
