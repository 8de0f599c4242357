import * as z from 'zod'
import { type BatchCounts, countsOfDelivery, settled } from '../ledger/counts.ts'
import { fateKinds } from '../ledger/delivery-states.ts'
import type { Delivery } from '../ledger/fate.ts'

const fates = z
  .string()
  .transform(text => text.split(','))
  .pipe(z.array(z.enum(fateKinds, { error: `This is no fate. The fates are ${fateKinds.join(', ')}.` })))
  .optional()
const onlyTrue = z.literal('true', { error: 'Write true, or leave it out.' }).optional()

/** Which deliveries are asked for: those to which all of it applies. */
export const deliveryFilterShape = {
  fate: fates.meta({ description: 'Only these fates, with commas between them.', examples: ['failed,inDoubt'] }),
  not: fates.meta({ description: 'All fates but these.', examples: ['accepted'] }),
  reached: z.enum(['bounced', 'complained']).optional().meta({
    description: 'Only accepted messages that came back, or messages that were complained about.',
  }),
  sentAgain: onlyTrue.meta({ description: 'Only recipients who may have got it twice.' }),
  retryable: onlyTrue.meta({ description: 'Only recipients to whom a retry would send again.' }),
}
export type DeliveryFilter = z.output<z.ZodObject<typeof deliveryFilterShape>>

/**
 * How many of the recipients that were counted match at most; of a single recipient, whether it does. As both questions have
 * one answer, a batch whose counts say 0 holds nobody who matches.
 */
export function countMatching(filter: DeliveryFilter, counts: BatchCounts, size: number): number {
  const { tally } = counts
  const byFate = { ...tally, pending: size - settled(tally) }
  const wanted = fateKinds.filter(kind => (filter.fate?.includes(kind) ?? true) && !filter.not?.includes(kind))
  return Math.min(
    wanted.reduce((sum, kind) => sum + byFate[kind], 0),
    filter.reached === undefined ? size : counts[filter.reached],
    filter.sentAgain === undefined ? size : counts.sentAgain,
    filter.retryable === undefined ? size : counts.retryable,
  )
}

export function matches(filter: DeliveryFilter, delivery: Delivery): boolean {
  return countMatching(filter, countsOfDelivery(delivery), 1) > 0
}
