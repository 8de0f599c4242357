import { partNames, planNames } from '../functions/cost/names.ts'
import type { EstimateAnswer } from './estimate-answers.ts'
import { count, counted, dollars, duration, percent, perSecond } from './figures.ts'
import type { Paint } from './terminal.ts'

/** What is shown of an estimate, whoever made it. */
export type ShownEstimate = Readonly<Omit<EstimateAnswer, 'plans'>> & { readonly plans: readonly PlanFigures[] }
type PlanFigures = Readonly<EstimateAnswer['plans'][number]>

/** What sending would cost, as a table with a column for each plan. */
export function writeEstimate(estimate: ShownEstimate, paint: Paint): string {
  return [writeTime(estimate), writeTable(estimate, paint), [...monthlyOf(estimate), estimate.basis].join('\n')].join(
    '\n\n',
  )
}

/** The same in a line, for somebody who is about to start it. */
export function estimateLine({ recipients, ratePerSecond, seconds, days, plans }: ShownEstimate): string {
  const time =
    days === undefined
      ? `about ${duration(seconds)} at ${perSecond(ratePerSecond)}`
      : `about ${counted(days, 'day')}, for the 24-hour quota`
  const named = plans.length > 1
  const totals = plans.map(({ plan, total }) => `${dollars(total)}${named ? ` (${planName(plan)})` : ''}`)
  const cost = plans.every(({ total }) => total < 0.005) ? 'less than a cent' : `about ${totals.join(' or ')}`
  return `${counted(recipients, 'recipient')}: ${time}, and ${cost}.`
}

function writeTime({ recipients, ratePerSecond, seconds, days }: ShownEstimate): string {
  const alone = `${counted(recipients, 'recipient')} at ${perSecond(ratePerSecond)}: ${duration(seconds)}, if nothing else is sent.`
  if (days === undefined) return alone
  return `${alone}\nThe account's 24-hour quota is too small for all of it today: it takes about ${counted(days, 'day')}.`
}

function writeTable({ plans, overhead, byPart, keeping, deliveryRetentionDays }: ShownEstimate, paint: Paint): string {
  const forAll = (value: number) => plans.map(() => dollars(value))
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['', plans.map(({ plan }) => planName(plan))],
    ['SES', plans.map(({ ses }) => dollars(ses))],
    ...Object.entries(byPart).map(([part, value]) => [nameOf(partNames, part), forAll(value)] as const),
    ['all else of sending', forAll(overhead)],
    ['  over SES', plans.map(({ overheadShare }) => percent(overheadShare))],
    [`keeping it ${counted(deliveryRetentionDays, 'day')}`, forAll(keeping)],
    ['total', plans.map(({ total }) => dollars(total))],
  ]
  const labelWidth = Math.max(...rows.map(([label]) => label.length))
  const width = Math.max(...rows.flatMap(([, cells]) => cells.map(({ length }) => length)))
  return rows
    .map(([label, cells]) => [label.padEnd(labelWidth), ...cells.map(cell => cell.padStart(width))].join('   '))
    .map((line, index) => (index === rows.length - 1 ? paint('bold', line) : line))
    .join('\n')
}

function monthlyOf({ plans, accountPlan }: ShownEstimate): string[] {
  const own =
    accountPlan !== undefined && plans.length > 1 ? [`The account has the plan ${planName(accountPlan)}.`] : []
  const fees = plans
    .filter(({ planMonthly }) => planMonthly > 0)
    .map(({ plan, planMonthly }) => `The plan ${planName(plan)} costs $${count(planMonthly)} a month besides.`)
  return [...own, ...fees]
}

const planName = (plan: string) => nameOf(planNames, plan)

const nameOf = (names: Readonly<Record<string, string>>, key: string) =>
  Object.hasOwn(names, key) ? (names[key] ?? key) : key
