import { assertNever } from '../../../../functions/runtime/assert-never.ts'
import { eventJson, mailJson } from '../../../../local/ses-simulator/events/ses-event.ts'
import type { SesMessage } from './simulated-ses.ts'

/** What SES publishes about an accepted message. */
export type SesEvent =
  | { readonly type: 'Send' }
  | { readonly type: 'Reject' }
  | { readonly type: 'Delivery'; readonly atMs: number }
  | { readonly type: 'Complaint'; readonly atMs: number }
  | { readonly type: 'DeliveryDelay'; readonly atMs: number }
  | {
      readonly type: 'Bounce'
      readonly atMs: number
      readonly bounceType: 'Permanent' | 'Transient' | 'Undetermined'
      readonly bounceSubType?: string
    }

const mails = new WeakMap<SesMessage, string>()

/** The body that the feedback queue receives: the event as SNS delivers it raw. */
export function sesEventBody(message: SesMessage, event: SesEvent): string {
  const mail = mails.get(message) ?? mailJson(message)
  mails.set(message, mail)
  return eventJson(event.type, mail, detailOf(message, event))
}

function detailOf({ to, messageId, acceptedAtMs }: SesMessage, event: SesEvent): object {
  if (event.type === 'Send') return {}
  if (event.type === 'Reject') return { reason: 'Bad content' }
  const timestamp = new Date(event.atMs).toISOString()
  switch (event.type) {
    case 'Delivery': {
      const processingTimeMillis = Math.round(event.atMs - acceptedAtMs)
      return { timestamp, processingTimeMillis, recipients: [to], smtpResponse: '250 2.6.0 Message received' }
    }
    case 'Complaint': {
      const complainedRecipients = [{ emailAddress: to }]
      return { timestamp, complainedRecipients, feedbackId: `${messageId}-feedback`, complaintFeedbackType: 'abuse' }
    }
    case 'DeliveryDelay': {
      const delayedRecipients = [{ emailAddress: to, status: '4.4.1', diagnosticCode: 'smtp; 421 4.4.1' }]
      return { timestamp, delayType: 'TransientCommunicationFailure', delayedRecipients }
    }
    case 'Bounce': {
      const { bounceType, bounceSubType = 'General' } = event
      const bouncedRecipients = [{ emailAddress: to, action: 'failed', status: '5.1.1' }]
      return { timestamp, bounceType, bounceSubType, bouncedRecipients, feedbackId: `${messageId}-feedback` }
    }
    default:
      return assertNever(event)
  }
}
