import type { BatchRow } from '../ledger/batch.ts'
import { settled } from '../ledger/counts.ts'
import { factsByRecipient, foldDelivery, untouched } from '../ledger/fate.ts'
import type { ReadyAudience } from '../recipient/audience.ts'
import { type DeliveryFilter, matches } from './delivery-filter.ts'
import { type DeliveryView, viewDelivery } from './delivery-view.ts'
import type { ApiPorts } from './ports.ts'

export type DeliveryPorts = Pick<ApiPorts, 'ledger' | 'audiences' | 'audienceObjects' | 'clock'>

export interface WantedDeliveries {
  readonly noticeId: string
  readonly audience: ReadyAudience
  readonly filter: DeliveryFilter
}

/** Reads one batch; its row is undefined when it has never been claimed. */
export type BatchReader = (of: { batch: number; row: BatchRow | undefined }) => Promise<{
  readonly batch: number
  /** Those that match, by recipient key; or the addresses have been forgotten, and with them who is pending. */
  readonly list: readonly DeliveryView[] | 'expired'
}>

/** Nothing is known of a pending recipient, so it is the audience that tells who is pending. */
export function batchReader(
  { ledger, audiences, audienceObjects }: DeliveryPorts,
  { noticeId, audience, filter }: WantedDeliveries,
): BatchReader {
  const { audienceId, digest } = audience
  const wantsPending = matches(filter, untouched)
  let kept: Promise<boolean> | undefined

  async function readRecipientKeys(batch: number): Promise<readonly string[] | 'expired'> {
    kept ??= audienceObjects.isKept(audienceId)
    if (!(await kept)) return 'expired'
    const slice = (await audiences.readBatchSlices(audienceId, digest))[batch]
    return slice === undefined ? [] : (await audiences.readRecipients(audienceId, slice)).map(({ key }) => key)
  }

  return async ({ batch, row }) => {
    const known = factsByRecipient(row === undefined ? [] : await ledger.readFacts(noticeId, batch))
    const mayHavePending = row === undefined || settled(row.tally) < row.size
    const recipientKeys = wantsPending && mayHavePending ? await readRecipientKeys(batch) : []
    if (recipientKeys === 'expired') return { batch, list: 'expired' }
    const list = [...new Set([...known.keys(), ...recipientKeys])]
      .sort()
      .map(recipientKey => ({ recipientKey, delivery: foldDelivery(known.get(recipientKey) ?? []) }))
      .filter(({ delivery }) => matches(filter, delivery))
      .map(({ recipientKey, delivery }) => viewDelivery(recipientKey, batch, delivery))
    return { batch, list }
  }
}
