import type { RecipientOutcome } from './recipient-outcome.ts'
import type { SesEventType } from './ses-event.ts'

/** An event that SES will publish about a message, and when. */
export interface PlannedEvent {
  readonly eventType: SesEventType
  readonly atMs: number
  readonly detail: object
}

export interface PlanInput {
  readonly messageId: string
  readonly acceptedAtMs: number
  readonly sendEventDelayMs: number
  readonly deliveryEventDelayMs: number
  readonly recipients: readonly { readonly address: string; readonly outcome: RecipientOutcome }[]
}

const REPORTING_MTA = 'a8-1.smtp-out.amazonses.com'

/** Send, once a message; then what becomes of it, recipient by recipient. A rejected message has no further events. */
export function planEvents(input: PlanInput): readonly PlannedEvent[] {
  const send: PlannedEvent = { eventType: 'Send', atMs: input.acceptedAtMs + input.sendEventDelayMs, detail: {} }
  const atMs = input.acceptedAtMs + input.deliveryEventDelayMs
  if (input.recipients.some(({ outcome }) => outcome === 'rejected')) {
    return [send, { eventType: 'Reject', atMs, detail: { reason: 'Bad content' } }]
  }
  return [send, ...input.recipients.flatMap(({ address, outcome }) => eventsOf(outcome, address, atMs, input))]
}

function eventsOf(outcome: RecipientOutcome, address: string, atMs: number, input: PlanInput): readonly PlannedEvent[] {
  const delivered = delivery(address, atMs, input.acceptedAtMs)
  const later = atMs + input.deliveryEventDelayMs
  const feedbackId = `${input.messageId}-feedback`
  switch (outcome) {
    case 'rejected':
      return []
    case 'delivered':
      return [delivered]
    case 'complained':
      return [delivered, complaint(address, later, feedbackId)]
    case 'delayed':
      return [deliveryDelay(address, atMs), delivery(address, later, input.acceptedAtMs)]
    case 'out-of-office':
      return [delivered, bounce('Transient', 'General', { emailAddress: address }, later, feedbackId)]
    case 'bounced':
      return [bounce('Permanent', 'General', failed(address, 'smtp; 550 5.1.1 user unknown'), atMs, feedbackId)]
    case 'on-global-suppression-list':
      return [bounce('Permanent', 'Suppressed', failed(address, GLOBALLY_SUPPRESSED), atMs, feedbackId)]
    case 'on-account-suppression-list':
      return [bounce('Permanent', 'OnAccountSuppressionList', failed(address, SUPPRESSED), atMs, feedbackId)]
  }
}

const SUPPRESSED =
  'Amazon SES did not send the message to this address because it is on the suppression list for your account.'
const GLOBALLY_SUPPRESSED =
  'Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address.'

function failed(emailAddress: string, diagnosticCode: string): object {
  return { emailAddress, action: 'failed', status: '5.1.1', diagnosticCode }
}

function bounce(type: string, subType: string, recipient: object, atMs: number, feedbackId: string): PlannedEvent {
  const detail = {
    bounceType: type,
    bounceSubType: subType,
    bouncedRecipients: [recipient],
    timestamp: new Date(atMs).toISOString(),
    feedbackId,
    reportingMTA: `dsn; ${REPORTING_MTA}`,
  }
  return { eventType: 'Bounce', atMs, detail }
}

function complaint(emailAddress: string, atMs: number, feedbackId: string): PlannedEvent {
  const timestamp = new Date(atMs).toISOString()
  const detail = {
    complainedRecipients: [{ emailAddress }],
    timestamp,
    feedbackId,
    complaintSubType: null,
    userAgent: 'Amazon SES Mailbox Simulator',
    complaintFeedbackType: 'abuse',
    arrivalDate: timestamp,
  }
  return { eventType: 'Complaint', atMs, detail }
}

function delivery(address: string, atMs: number, acceptedAtMs: number): PlannedEvent {
  const detail = {
    timestamp: new Date(atMs).toISOString(),
    processingTimeMillis: Math.round(atMs - acceptedAtMs),
    recipients: [address],
    smtpResponse: '250 2.6.0 Message received',
    reportingMTA: REPORTING_MTA,
  }
  return { eventType: 'Delivery', atMs, detail }
}

const DELAY_EXPIRES_MS = 50_400_000

function deliveryDelay(emailAddress: string, atMs: number): PlannedEvent {
  const detail = {
    timestamp: new Date(atMs).toISOString(),
    delayType: 'TransientCommunicationFailure',
    expirationTime: new Date(atMs + DELAY_EXPIRES_MS).toISOString(),
    delayedRecipients: [{ emailAddress, status: '4.4.1', diagnosticCode: 'smtp; 421 4.4.1 Unable to connect' }],
    reportingMTA: REPORTING_MTA,
  }
  return { eventType: 'DeliveryDelay', atMs, detail }
}
