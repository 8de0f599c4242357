import * as z from 'zod'
import type { Fact } from '../ledger/delivery.ts'
import { fateKinds } from '../ledger/delivery-states.ts'
import { type Delivery, explainFinding, type Fate, retryable } from '../ledger/fate.ts'
import { assertNever } from '../runtime/assert-never.ts'
import { deliveryExample, lookUpExample } from './examples.ts'
import { isoTime, timeSchema } from './times.ts'

/** What is known of one recipient. The recipient key stands for the address, which only the audience bucket has. */
export const deliverySchema = z
  .object({
    recipientKey: z.string(),
    batch: z.number().int().meta({ description: 'Counted from 0, in the order of the audience.' }),
    fate: z.enum(fateKinds),
    reason: z.string().optional().meta({ description: 'Why, unless it was accepted or is pending.' }),
    at: timeSchema.optional().meta({ description: 'When this fate came about.' }),
    attempts: z.number().int().meta({ description: 'The claim of the batch that decided; 0 while pending.' }),
    sentAgain: z.boolean().meta({ description: 'Sent again although SES may have had it: may have got it twice.' }),
    retryable: z.boolean().meta({ description: 'Whether a retry would send again.' }),
    reached: z.enum(['delivered', 'delayed', 'bounced', 'complained']).optional(),
    detail: z.string().optional().meta({ description: 'What SES says of that.' }),
    messageIds: z.array(z.string()).meta({ description: 'Of every message that SES is known to have accepted.' }),
  })
  .meta({ id: 'Delivery', examples: [deliveryExample] })
export type DeliveryView = z.infer<typeof deliverySchema>

export const deliveriesPageSchema = z
  .object({
    deliveries: z.array(deliverySchema),
    next: z.string().optional().meta({ description: 'Give it as `from` for what follows. Absent at the end.' }),
  })
  .meta({ id: 'Deliveries', examples: [{ deliveries: [deliveryExample], next: '128' }] })

export function viewDelivery(recipientKey: string, batch: number, delivery: Delivery): DeliveryView {
  const { fate, atMs, attempt, sentAgain, reached, messageIds } = delivery
  return {
    recipientKey,
    batch,
    fate: fate.kind,
    ...reasonOf(fate),
    ...(atMs !== undefined && { at: isoTime(atMs) }),
    attempts: attempt,
    sentAgain,
    retryable: retryable(delivery),
    ...(reached && { reached: reached.kind, ...(reached.detail !== '' && { detail: reached.detail }) }),
    messageIds: [...messageIds],
  }
}

function reasonOf(fate: Fate): { reason?: string } {
  return 'reason' in fate ? { reason: fate.reason } : {}
}

/** One thing that is known of a recipient, when, and under which attempt. */
const timelineEntrySchema = z.object({
  at: timeSchema,
  attempt: z.number().int(),
  what: z.enum([
    ...['accepted', 'rejected', 'failed', 'inDoubt', 'vanished'],
    ...['send', 'delivery', 'delay', 'bounce', 'complaint', 'reject'],
  ] as const),
  reason: z.string().optional(),
  messageId: z.string().optional(),
})
export type TimelineEntry = z.infer<typeof timelineEntrySchema>

export const lookUpSchema = z
  .discriminatedUnion('found', [
    z.object({
      found: z.literal(false),
      next: z.string().optional().meta({
        description: 'Absent when the whole audience was searched. Otherwise ask again, with it as `from`.',
      }),
    }),
    z.object({
      found: z.literal(true),
      delivery: deliverySchema,
      timeline: z.array(timelineEntrySchema).meta({ description: 'What the sender and SES said, oldest first.' }),
    }),
  ])
  .meta({ id: 'LookUp', examples: [lookUpExample, { found: false }] })
export type LookUpView = z.infer<typeof lookUpSchema>

export function viewTimeline(facts: readonly Fact[]): TimelineEntry[] {
  return [...facts]
    .sort((a, b) => a.atMs - b.atMs || a.attempt - b.attempt)
    .map(fact => ({ at: isoTime(fact.atMs), attempt: fact.attempt, ...whatHappened(fact) }))
}

function whatHappened(fact: Fact): Pick<TimelineEntry, 'what' | 'reason' | 'messageId'> {
  switch (fact.fact) {
    case 'outcome': {
      const { outcome } = fact
      if (outcome.kind === 'accepted') return { what: 'accepted', messageId: outcome.messageId }
      if (outcome.kind === 'rejected') return { what: 'rejected', reason: explainFinding(outcome) }
      return { what: outcome.kind, reason: outcome.reason }
    }
    case 'vanished':
      return { what: 'vanished', reason: 'The sender ended before it could record an answer' }
    case 'send':
    case 'delivery':
      return { what: fact.fact, messageId: fact.messageId }
    case 'delay':
    case 'bounce':
    case 'complaint':
    case 'reject':
      return { what: fact.fact, messageId: fact.messageId, reason: fact.detail }
    default:
      return assertNever(fact)
  }
}
