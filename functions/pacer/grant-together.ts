import { intervalOf } from './gcra.ts'
import type { Pacer } from './pacer.ts'
import type { PacerState } from './pacer-store.ts'

/**
 * Grants the pacers that share a rate what each is to have of it. `states` are as just read, of every pacer that was ever granted
 * something; whoever is to have nothing is granted next to nothing.
 *
 * Law: at no moment do the slots that they have given out for it come to more than the sum of the grants, before or after. What
 * one loses is taken from it first, and given to another from when on nobody has slots of more than its grant. Where a write
 * fails, some of the rate lies idle until the next time. One dispatcher at a time: two that differ could add up.
 */
export async function grantTogether<Lane>(
  pacerOf: (lane: Lane) => Pick<Pacer, 'grant'>,
  rates: ReadonlyMap<Lane, number>,
  states: ReadonlyMap<Lane, PacerState>,
): Promise<void> {
  const loses = ([lane, rate]: readonly [Lane, number]) => {
    const before = states.get(lane)
    return before !== undefined && intervalOf(rate) > before.baseIntervalUs
  }
  const grants = [...rates]
  let notBeforeUs = Math.max(0, ...[...states.values()].map(({ pacedFromUs }) => pacedFromUs))
  for (const [lane, rate] of grants.filter(loses)) {
    notBeforeUs = Math.max(notBeforeUs, await pacerOf(lane).grant(rate))
  }
  for (const [lane, rate] of grants.filter(grant => !loses(grant))) await pacerOf(lane).grant(rate, notBeforeUs)
}
