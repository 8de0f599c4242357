import type { Recipient } from '../functions/recipient/recipient.ts'
import type { Clock } from '../functions/runtime/clock.ts'
import type { ApiClient } from './api-client.ts'
import { type AudienceReader, misfit, openAudience } from './audience-reader.ts'
import type { DeliveryAnswer } from './delivery-answers.ts'
import { patiently } from './patiently.ts'

/** What became of one recipient, by name. */
export interface NamedDelivery extends DeliveryAnswer, Pick<Recipient, 'address' | 'locale'> {}

/** Which deliveries are wanted, as the API's query has it. */
export type DeliveryQuery = Readonly<Record<string, string>>

/**
 * The deliveries that match, in the order of the audience, a page at a time. Two pages are in memory at most: while the
 * caller writes one, the next is on its way.
 */
export async function* nameDeliveries(
  { client, clock }: { client: ApiClient; clock: Clock },
  noticeId: string,
  query: DeliveryQuery,
): AsyncGenerator<readonly NamedDelivery[]> {
  const audience = await openAudience(client, noticeId)
  const read = (from?: string) =>
    patiently(clock, () => client.listDeliveries(noticeId, { ...query, ...(from !== undefined && { from }) }))
  let coming: ReturnType<typeof read> | undefined = read()
  while (coming !== undefined) {
    const { deliveries, next }: Awaited<ReturnType<typeof read>> = await coming
    coming = next === undefined ? undefined : read(next)
    // Nobody waits for it when the caller stops listening here.
    coming?.catch(() => {})
    yield await patiently(clock, () => namePage(audience, deliveries))
  }
}

async function namePage(audience: AudienceReader, deliveries: readonly DeliveryAnswer[]): Promise<NamedDelivery[]> {
  const byBatch = Map.groupBy(deliveries, ({ batch }) => batch)
  const recipients = await audience.readBatches([...byBatch.keys()])
  return [...byBatch].flatMap(([batch, own]) => nameBatch(own, recipients.get(batch) ?? []))
}

function nameBatch(deliveries: readonly DeliveryAnswer[], recipients: readonly Recipient[]): NamedDelivery[] {
  const byKey = new Map(deliveries.map(delivery => [delivery.recipientKey, delivery]))
  const named = recipients.flatMap(({ key, address, locale }) => {
    const delivery = byKey.get(key)
    return delivery === undefined ? [] : [{ ...delivery, address, locale }]
  })
  if (named.length !== deliveries.length) throw misfit('It lacks a recipient of whom there are deliveries.')
  return named
}
