import type { CaseResult } from './case-result.ts'

/** The promise, from first to last acceptance of a notice that nothing disturbs. */
export const LEAST_UTILISATION = 0.99
/** At a share of 1 nothing is left for two messages that the way to SES has brought together: now and then one is throttled. */
const MOST_THROTTLED = 1 / 1_000
/** A shorter run tells more of how senders start than of how they send. */
const LEAST_SECONDS = 15
/** A second may begin just before one slot and end just after another: jitter on the way moves a few. */
const laneAllowance = (ceiling: number) => Math.max(2, 0.05 * ceiling)

/** What a result falls short of; nothing when it keeps what is promised. */
export function faultsOf(result: CaseResult): readonly string[] {
  const { planned, accepted, utilisation, throttles, lanes, report, errors } = result
  if (planned.way.kind !== 'onlyto') return []
  const faults: string[] = []
  if (accepted !== planned.recipients) faults.push(`${accepted} of ${planned.recipients} messages were accepted`)
  if (report !== undefined && report.pending > 0) faults.push(`${report.pending} are pending`)
  for (const { pattern, ceiling, mostInASecond } of lanes) {
    if (ceiling !== undefined && mostInASecond > ceiling + laneAllowance(ceiling))
      faults.push(`${mostInASecond} in a second for ${pattern}`)
  }
  if (planned.killed === 0) faults.push(...errors.slice(0, 3))
  if (planned.table !== 'plain' || result.leastSeconds < LEAST_SECONDS) return faults
  if (utilisation < LEAST_UTILISATION) faults.push(`utilisation ${utilisation.toFixed(4)}`)
  if (throttles > MOST_THROTTLED * accepted) faults.push(`${throttles} throttles`)
  return faults
}
