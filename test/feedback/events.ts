import type { SQSEvent } from 'aws-lambda'
import { sqsRecord } from '../memory/sqs-record.ts'

/** An SES event as SES publishes it, with the customer in all the places where SES puts them. */
export function sesEvent(
  eventType: string,
  tags: Readonly<Record<string, string>>,
  details: { bounceType?: string; bounceSubType?: string } = {},
): string {
  const timestamp = '2026-11-20T12:00:00.000Z'
  const jane = [{ emailAddress: 'jane@example.com' }]
  const detail: Readonly<Record<string, unknown>> = {
    send: {},
    delivery: { timestamp, recipients: ['jane@example.com'], smtpResponse: '250 ok jane@example.com' },
    deliveryDelay: { timestamp, delayType: 'MailboxFull', delayedRecipients: jane },
    bounce: {
      timestamp,
      bounceType: details.bounceType ?? 'Permanent',
      bounceSubType: details.bounceSubType ?? 'General',
      bouncedRecipients: jane,
    },
    complaint: { timestamp, complaintFeedbackType: 'abuse', complainedRecipients: jane },
    reject: { reason: 'Bad content' },
  }
  const name = eventType.charAt(0).toLowerCase() + eventType.slice(1)
  return JSON.stringify({
    eventType,
    mail: {
      timestamp,
      messageId: 'message-1',
      source: 'notices@example.com',
      destination: ['jane@example.com'],
      headers: [{ name: 'To', value: 'jane@example.com' }],
      tags: Object.fromEntries(Object.entries(tags).map(([tag, value]) => [tag, [value]])),
    },
    [name]: detail[name] ?? {},
  })
}

export function sqsEvent(bodies: readonly string[]): SQSEvent {
  return { Records: bodies.map((body, index) => sqsRecord(`id-${index}`, body)) }
}
