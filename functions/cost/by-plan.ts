import { type CostPart, estimateNotice } from './estimate.ts'
import { type SesPlan, sesPlans } from './prices.ts'

export interface Sending {
  readonly recipients: number
  readonly ratePerSecond: number
  readonly plans: readonly SesPlan[]
  readonly deliveryRetentionDays: number
}

/** In US dollars; whatever the plan, all but SES costs the same. */
export interface CostByPlan {
  readonly recipients: number
  readonly ratePerSecond: number
  readonly seconds: number
  readonly plans: readonly PlanCost[]
  readonly overhead: number
  readonly byPart: Readonly<Record<CostPart, number>>
  readonly keeping: number
  readonly deliveryRetentionDays: number
  readonly basis: string
}

export interface PlanCost {
  readonly plan: SesPlan
  readonly ses: number
  /** What the plan asks for each month, whether anything is sent or not: no part of the total. */
  readonly planMonthly: number
  /** `overhead` over `ses`. */
  readonly overheadShare: number
  readonly total: number
}

export const COST_BASIS =
  "With AWS's prices of us-east-1 in November 2026, and as if nothing else were sent this month: an estimate, and no bill."

/** What sending to so many costs, under each of the plans. */
export function costByPlan({ plans, ...sending }: Sending): CostByPlan {
  const { recipients, ratePerSecond, deliveryRetentionDays } = sending
  const under = (plan: SesPlan) => estimateNotice({ ...sending, plan, sentThisMonth: 0 })
  const { seconds, overhead, byPart, keeping } = under('a-la-carte')
  const costs = plans.map(plan => {
    const { ses, total } = under(plan)
    return { plan, ses, planMonthly: sesPlans[plan].monthly, overheadShare: overhead / ses, total }
  })
  return {
    ...{ recipients, ratePerSecond, seconds, plans: costs },
    ...{ overhead, byPart, keeping, deliveryRetentionDays, basis: COST_BASIS },
  }
}
