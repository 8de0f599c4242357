import * as z from 'zod'
import type { FeedbackFact } from '../ledger/delivery.ts'

/**
 * An event as SES publishes it to SNS (raw delivery). Only what is needed is read; `destination`, headers and diagnostics name
 * the customer and go no further. Source: Developer Guide, event-publishing-retrieving-sns-contents.
 */
const eventSchema = z.object({
  eventType: z.string(),
  mail: z.object({
    messageId: z.string(),
    timestamp: z.string(),
    tags: z.record(z.string(), z.array(z.string())).default({}),
  }),
  bounce: z.object({ bounceType: z.string(), bounceSubType: z.string(), timestamp: z.string() }).optional(),
  complaint: z.object({ complaintFeedbackType: z.string().nullish(), timestamp: z.string() }).optional(),
  delivery: z.object({ timestamp: z.string() }).optional(),
  deliveryDelay: z.object({ delayType: z.string(), timestamp: z.string() }).optional(),
  reject: z.object({ reason: z.string() }).optional(),
})

export type ReadEvent =
  | { readonly kind: 'fact'; readonly fact: FeedbackFact }
  /** An event of no notice, or of a type that says nothing of a delivery, such as an open or a click. */
  | { readonly kind: 'ignored'; readonly reason: string }
  /** Not an SES event at all: for the dead-letter queue. */
  | { readonly kind: 'unreadable'; readonly reason: string }

export function readEvent(body: string): ReadEvent {
  const parsed = eventSchema.safeParse(parseJson(body))
  if (!parsed.success)
    return { kind: 'unreadable', reason: parsed.error.issues.map(({ path }) => path.join('.')).join(', ') }
  const { eventType, mail, bounce, complaint, delivery, deliveryDelay, reject } = parsed.data
  const [noticeId] = mail.tags['notice'] ?? []
  const [recipientKey] = mail.tags['recipient'] ?? []
  const batch = Number(mail.tags['batch']?.[0])
  const attempt = Number(mail.tags['attempt']?.[0])
  if (noticeId === undefined || recipientKey === undefined || !Number.isInteger(batch) || !Number.isInteger(attempt)) {
    return { kind: 'ignored', reason: 'not a message of a notice' }
  }
  const about = (timestamp: string) => ({
    noticeId,
    batch,
    recipientKey,
    attempt,
    messageId: mail.messageId,
    atMs: Date.parse(timestamp),
  })
  const fact = (known: FeedbackFact): ReadEvent => ({ kind: 'fact', fact: known })
  switch (eventType.toLowerCase()) {
    case 'send':
      return fact({ fact: 'send', ...about(mail.timestamp) })
    case 'delivery':
      return fact({ fact: 'delivery', ...about(delivery?.timestamp ?? mail.timestamp) })
    case 'deliverydelay':
      return fact({
        fact: 'delay',
        ...about(deliveryDelay?.timestamp ?? mail.timestamp),
        detail: deliveryDelay?.delayType ?? 'Undetermined',
      })
    case 'bounce':
      return fact({
        fact: 'bounce',
        ...about(bounce?.timestamp ?? mail.timestamp),
        detail: bounce === undefined ? 'Undetermined' : `${bounce.bounceType}/${bounce.bounceSubType}`,
      })
    case 'complaint':
      return fact({
        fact: 'complaint',
        ...about(complaint?.timestamp ?? mail.timestamp),
        detail: complaint?.complaintFeedbackType ?? 'unspecified',
      })
    case 'reject':
      return fact({ fact: 'reject', ...about(mail.timestamp), detail: reject?.reason ?? 'unspecified' })
    default:
      return { kind: 'ignored', reason: `events of type ${eventType}` }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
