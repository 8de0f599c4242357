import * as z from 'zod'
import { fateKinds } from '../functions/ledger/delivery-states.ts'

/** What the API answers about single recipients, as far as the CLI reads it. */
const deliveryAnswer = z.object({
  recipientKey: z.string(),
  batch: z.number(),
  fate: z.enum(fateKinds),
  reason: z.string().optional(),
  at: z.string().optional(),
  attempts: z.number(),
  sentAgain: z.boolean(),
  reached: z.string().optional(),
  detail: z.string().optional(),
  messageIds: z.array(z.string()),
})
export type DeliveryAnswer = z.infer<typeof deliveryAnswer>

export const deliveriesAnswer = z.object({ deliveries: z.array(deliveryAnswer), next: z.string().optional() })

export const recipientsLinkAnswer = z.object({
  recipientsUrl: z.url(),
  batchesUrl: z.url(),
  audienceDigest: z.string(),
})
export type RecipientsLink = z.infer<typeof recipientsLinkAnswer>

const timelineEntry = z.object({
  at: z.string(),
  attempt: z.number(),
  what: z.string(),
  reason: z.string().optional(),
  messageId: z.string().optional(),
})
export type TimelineEntry = z.infer<typeof timelineEntry>

export const lookUpAnswer = z.discriminatedUnion('found', [
  z.object({ found: z.literal(false), next: z.string().optional() }),
  z.object({ found: z.literal(true), delivery: deliveryAnswer, timeline: z.array(timelineEntry) }),
])
