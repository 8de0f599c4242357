import type { ReportAnswer } from '../cli/api-answers.ts'
import { count, percent, perSecond } from '../cli/figures.ts'
import type { SendQuota } from '../functions/ses/account.ts'
import { of, type Verdict } from './verdict.ts'

/** Whether a notice came to its end with nobody left over. */
export function judgeEnd({ state, planned, accepted, suppressed, ...rest }: ReportAnswer, recipients: number) {
  const { rejected, failed, inDoubt, pending } = rest
  const others = { rejected, failed, 'in doubt': inDoubt, pending }
  const left = Object.entries(others).filter(([, found]) => found > 0)
  return of('sending', [
    { what: 'state', figure: state, bound: 'finished', holds: state === 'finished' },
    {
      what: 'accepted by SES',
      figure: [`${count(accepted + suppressed)}`, ...left.map(([fate, found]) => `${fate} ${count(found)}`)].join(', '),
      bound: count(recipients),
      holds: planned === recipients && accepted + suppressed === recipients && left.length === 0,
    },
  ])
}

/** Senders are started and SQS brings them up one after another: so much of the first seconds may be lost. */
const STARTING_SECONDS = 3
const LEAST_UTILISATION = 0.99

/** How much of the granted slots must be used: what OnlyTo promises for a long run, less what starting costs a short one. */
export function utilisationBound(recipients: number, ratePerSecond: number): number {
  const seconds = recipients / ratePerSecond
  return Math.max(0, Math.min(LEAST_UTILISATION, 1 - STARTING_SECONDS / seconds))
}

/** As in the report, but that a suppressed recipient took a slot too. */
function useOfSlots({ utilisation, accepted, suppressed }: ReportAnswer): number | undefined {
  if (utilisation === undefined || accepted < 2) return undefined
  return (utilisation * (accepted + suppressed - 1)) / (accepted - 1)
}

/** SES answers one call faster than another, so the first and last acceptance lie nearer or farther than the calls. */
const ANSWERS_DIFFER_SECONDS = 1

/** Rate and utilisation against what SES itself says of the account. */
export function judgeSpeed(report: ReportAnswer, { maxSendRate }: SendQuota): readonly Verdict[] {
  const { accepted, seconds, ratePerSecond, limitPerSecond, throttles } = report
  const utilisation = useOfSlots(report)
  const granted = limitPerSecond ?? 0
  const least = utilisationBound(accepted, granted)
  return of('speed', [
    {
      what: 'rate granted to OnlyTo',
      figure: limitPerSecond === undefined ? 'none' : perSecond(granted),
      bound: `at most ${perSecond(maxSendRate)}, the account's`,
      holds: granted > 0 && granted <= maxSendRate,
    },
    {
      what: 'messages accepted a second',
      figure: perSecond(ratePerSecond),
      bound: `at most ${perSecond(maxSendRate)}`,
      holds: accepted > 1 && accepted - 1 <= maxSendRate * (seconds + ANSWERS_DIFFER_SECONDS),
    },
    {
      what: 'use of the rate granted',
      figure: utilisation === undefined ? 'not measured' : percent(utilisation),
      bound: `at least ${percent(least)}`,
      holds: utilisation !== undefined && utilisation >= least,
    },
    { what: 'throttles by SES', figure: count(throttles), bound: '0', holds: throttles === 0 },
  ])
}
