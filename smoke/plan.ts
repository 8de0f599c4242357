import { sesPlans } from '../functions/cost/prices.ts'
import type { SendQuota } from '../functions/ses/account.ts'
import { quotaRoom } from '../functions/ses/quota-room.ts'
import { LEAST_RECIPIENTS } from './simulator-audience.ts'

/** How many messages a smoke test sends, stop included. */
export interface SmokePlan {
  readonly recipients: number
  /** Of the notice that is stopped: most of them get nothing. */
  readonly stopRecipients: number
}

export type Planned = { readonly kind: 'plan'; readonly plan: SmokePlan } | { readonly kind: 'refused'; why: string }

export const MOST_MESSAGES = 10_000
const DEFAULT_SECONDS = 30
const STOP_SECONDS = 10
const STOP_LEAST = 20
const STOP_MOST = 2_000
/** OnlyTo itself may use a part of the quota only, and other mail of the account needs some. */
const DEFAULT_QUOTA_SHARE = 0.5

/**
 * What the account has room for. SES does not count messages to the mailbox simulator against the daily quota, only against the
 * rate (docs.aws.amazon.com/ses/latest/DeveloperGuide/mailbox-simulator.html); but OnlyTo cannot know that of a notice and
 * starts none for which the day has no room.
 */
export function planSmoke(quota: SendQuota, asked: number | undefined): Planned {
  const { maxSendRate } = quota
  const stopRecipients = Math.min(STOP_MOST, Math.max(STOP_LEAST, Math.ceil(STOP_SECONDS * maxSendRate)))
  const most = Math.min(MOST_MESSAGES, quotaRoom(quota, 1) ?? MOST_MESSAGES) - stopRecipients
  if (asked !== undefined && asked < LEAST_RECIPIENTS) {
    return refused(`${asked} recipients are too few: it takes ${LEAST_RECIPIENTS}, one of each kind.`)
  }
  if (most < LEAST_RECIPIENTS) return refused(noRoom(quota))
  if (asked !== undefined && asked > most) {
    const why = `With ${stopRecipients} for the stop, at most ${most} others fit into ${MOST_MESSAGES} messages and into what is left of the account's 24-hour quota.`
    return refused(`${asked} recipients are too many. ${why}`)
  }
  const easy = (quotaRoom(quota, DEFAULT_QUOTA_SHARE) ?? MOST_MESSAGES) - stopRecipients
  const chosen = asked ?? Math.max(LEAST_RECIPIENTS, Math.min(most, easy, Math.floor(DEFAULT_SECONDS * maxSendRate)))
  return { kind: 'plan', plan: { recipients: chosen, stopRecipients } }
}

const refused = (why: string): Planned => ({ kind: 'refused', why })

function noRoom({ max24HourSend, sentLast24Hours }: SendQuota): string {
  return `The account's 24-hour quota has no room left: ${sentLast24Hours} of ${max24HourSend} were sent in the last 24 hours. Try again tomorrow.`
}

/** A plan, and the quota that it was made for. */
export interface QuotaPlan extends SmokePlan {
  readonly quota: SendQuota
}

/** So slow that the notice is in its middle for some seconds. Undefined where it may go at full speed. */
export function stopShare({ stopRecipients, quota }: QuotaPlan): number | undefined {
  const share = stopRecipients / (STOP_SECONDS * quota.maxSendRate)
  // A larger one may be more than the stack's own.
  return share < 0.5 ? share : undefined
}

/** What SES asks for all of them by its dearest plan; the rest of AWS adds a few percent. */
export function mostDollars({ recipients, stopRecipients }: SmokePlan): number {
  const each = Math.max(...Object.values(sesPlans).map(({ tiers: [first] }) => first.each))
  return (recipients + stopRecipients) * each
}
