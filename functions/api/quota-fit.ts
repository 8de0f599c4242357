import type { SendQuota } from '../ses/account.ts'
import { quotaRoom } from '../ses/quota-room.ts'
import { type Refusal, refusal } from './problems.ts'

/** What is to be sent, and what the account's 24-hour quota has to carry. */
export interface QuotaQuestion {
  readonly quota: SendQuota
  /** The part of the quota that the notice may use. */
  readonly share: number
  /** Recipients that this run still has to send to. */
  readonly needed: number
  /** Recipients that other notices, being sent already, still have to send to. */
  readonly pendingElsewhere: number
}

export type QuotaFit =
  | { readonly kind: 'fits' }
  /** `days`: about how many it takes; undefined when the share leaves nothing on any day. */
  | { readonly kind: 'too-many'; readonly fitsToday: number; readonly days: number | undefined }

/**
 * Whether a notice fits into what is left of the quota today. Those being sent go before it. The days are an estimate: as if
 * each later day had a whole quota, and nobody else sent.
 */
export function quotaFit({ quota, share, needed, pendingElsewhere }: QuotaQuestion): QuotaFit {
  const room = quotaRoom(quota, share)
  if (room === undefined) return { kind: 'fits' }
  const fitsToday = Math.max(0, room - pendingElsewhere)
  if (needed <= fitsToday) return { kind: 'fits' }
  const daily = quotaRoom({ ...quota, sentLast24Hours: 0 }, share) ?? 0
  const days = daily === 0 ? undefined : 1 + Math.ceil((needed + pendingElsewhere - room) / daily)
  return { kind: 'too-many', fitsToday, days }
}

/** Undefined when the notice fits, or may take the days that it needs. No patience helps where a day's share is nothing. */
export function quotaTooSmall(question: QuotaQuestion, overDays: boolean): Refusal<'quota-too-small'> | undefined {
  const { quota, share, needed, pendingElsewhere } = question
  const fit = quotaFit(question)
  if (fit.kind === 'fits' || quota.max24HourSend === undefined) return undefined
  const { fitsToday, days } = fit
  if (overDays && days !== undefined) return undefined
  const spreading = days === undefined ? '' : `accept that it takes about ${days} days (overDays), `
  const detail =
    `There are ${needed} recipients to send to, and ${fitsToday} of them fit into the account's 24-hour quota now: it is ` +
    `${quota.max24HourSend}, of which this notice may use a share of ${share}; ${quota.sentLast24Hours} were sent in the last ` +
    `24 hours, and other notices that are being sent still have ${pendingElsewhere} to go. To send this one, ${spreading}` +
    'ask AWS for a larger sending quota of SES, or send to fewer.'
  return refusal('quota-too-small', detail, undefined, {
    ...{ needed, fitsToday, share, pendingElsewhere },
    ...{ quota: quota.max24HourSend, sentLast24Hours: quota.sentLast24Hours },
    ...(days !== undefined && { days }),
  })
}
