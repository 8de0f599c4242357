import * as z from 'zod'
import { foldDelivery } from '../ledger/fate.ts'
import { addressFaults, parseAddress } from '../recipient/address.ts'
import type { ReadyAudience } from '../recipient/audience.ts'
import { Defect } from '../runtime/defect.ts'
import type { DeliveryPorts } from './batch-deliveries.ts'
import { type LookUpView, viewDelivery, viewTimeline } from './delivery-view.ts'
import { findBatchOf } from './find-address.ts'
import { placeSchema } from './place.ts'
import type { Refusal } from './problems.ts'
import { audienceExpired } from './refusals.ts'

/** Normalised as the audience was, so that the same mailbox is found however it is written. */
export const lookUpRequestSchema = z
  .strictObject({
    address: z.string().transform((text, ctx) => {
      const parsed = parseAddress(text)
      if (parsed.kind === 'valid') return parsed.address
      ctx.addIssue(`This is not a bare address such as name@example.com. ${addressFaults[parsed.reason]}`)
      return z.NEVER
    }),
    from: placeSchema.optional().meta({ description: '`next` of an answer that could not search everywhere in time.' }),
  })
  .meta({ id: 'LookUpRequest', examples: [{ address: 'ana@example.com' }] })

/** Of the 30 seconds that API Gateway waits: some 100 MB a second are searched. */
const SEARCH_MS_MAX = 15_000

export type LookUp = { kind: 'looked-up'; answer: LookUpView } | Refusal<'audience-expired'>

/** What became of one address. The address itself goes no further than this. */
export async function lookUp(
  { ledger, audiences, audienceObjects, clock }: DeliveryPorts,
  { noticeId, audience }: { noticeId: string; audience: ReadyAudience },
  { address, from = 0 }: z.output<typeof lookUpRequestSchema>,
): Promise<LookUp> {
  const deadlineMs = clock.now() + SEARCH_MS_MAX
  const { audienceId, digest } = audience
  if (!(await audienceObjects.isKept(audienceId))) return audienceExpired(noticeId)
  const slices = await audiences.readBatchSlices(audienceId, digest)
  const isLate = () => clock.now() >= deadlineMs
  const search = await findBatchOf(audienceObjects, { audienceId, slices, from }, { address, isLate })
  if (search.kind !== 'found') {
    const next = search.kind === 'unfinished' ? { next: String(search.next) } : {}
    return { kind: 'looked-up', answer: { found: false, ...next } }
  }
  const { batch } = search
  const slice = slices[batch]
  const recipients = slice === undefined ? [] : await audiences.readRecipients(audienceId, slice)
  const recipient = recipients.find(candidate => candidate.address === address)
  if (recipient === undefined) throw new Defect('recipient-line', `A line of audience ${audienceId} was misread`)
  const facts = (await ledger.readFacts(noticeId, batch)).filter(({ recipientKey }) => recipientKey === recipient.key)
  const delivery = viewDelivery(recipient.key, batch, foldDelivery(facts))
  return { kind: 'looked-up', answer: { found: true, delivery, timeline: viewTimeline(facts) } }
}
