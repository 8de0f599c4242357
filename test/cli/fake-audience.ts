import type { Hono } from 'hono'
import type { DeliveryAnswer } from '../../cli/delivery-answers.ts'
import { encodeBatchSlice, sha256Hex } from '../../functions/recipient/batch-index.ts'
import { BATCH_SIZE, type Recipient } from '../../functions/recipient/recipient.ts'
import { encodeRecipientLine } from '../../functions/recipient/recipient-line.ts'
import { sealed } from '../memory/memory-audience-keys.ts'

export interface FakeRecipients {
  readonly recipients: readonly Recipient[]
  readonly deliveries: readonly DeliveryAnswer[]
  readonly perPage: number
  /** Statuses that the route or link answers with, one after the other; 0 lets one request pass. */
  readonly refusals: Record<'deliveries' | 'recipients', number[]>
  /** What the deliveries were asked for by. */
  readonly queries: Record<string, string>[]
  readonly ranges: string[]
  links: number
}

export const customer = (i: number): Recipient =>
  sealed({ address: `c${i}@customers.test`, key: String(i).padStart(22, '0'), locale: 'en', variables: {} })

export function acceptedDelivery(i: number, changes: Partial<DeliveryAnswer> = {}): DeliveryAnswer {
  return {
    ...{ recipientKey: customer(i).key, batch: Math.floor(i / BATCH_SIZE), fate: 'accepted', attempts: 1 },
    ...{ at: '2026-11-20T12:00:00.500Z', sentAgain: false, messageIds: [`m-${i}`] },
    ...changes,
  }
}

export function fakeRecipients(count: number, deliveries: readonly DeliveryAnswer[], perPage = 1_000): FakeRecipients {
  const recipients = Array.from({ length: count }, (_, i) => customer(i))
  return {
    recipients,
    deliveries,
    perPage,
    refusals: { deliveries: [], recipients: [] },
    queries: [],
    ranges: [],
    links: 0,
  }
}

/** Deliveries, links and look-up of one notice, and the bucket that the links lead to. */
export function serveRecipients(app: Hono, urlOf: () => string, fake: () => FakeRecipients): void {
  app.get('/notices/n-1/deliveries', c => {
    const { deliveries, perPage, refusals, queries } = fake()
    const status = refusals.deliveries.shift()
    if (status) return new Response('{}', { status })
    const { from = '0', ...query } = c.req.query()
    queries.push(query)
    const end = Number(from) + perPage
    return c.json({
      deliveries: deliveries.slice(Number(from), end),
      ...(end < deliveries.length && { next: String(end) }),
    })
  })
  app.post('/notices/n-1/recipients-link', c => {
    fake().links++
    const audienceDigest = sha256Hex(indexOf(fake().recipients).batches)
    return c.json({
      recipientsUrl: `${urlOf()}/bucket/recipients`,
      batchesUrl: `${urlOf()}/bucket/batches`,
      audienceDigest,
    })
  })
  app.post('/notices/n-1/look-up', async c => {
    const { address, from } = await c.req.json()
    if (from === undefined) return c.json({ found: false, next: '7' })
    const [delivery] = fake().deliveries
    if (delivery === undefined || address !== customer(0).address) return c.json({ found: false })
    const timeline = [{ at: '2026-11-20T12:00:00.500Z', attempt: 1, what: 'accepted', messageId: 'm-0' }]
    return c.json({ found: true, delivery, timeline })
  })
  app.get('/bucket/batches', c => c.body(indexOf(fake().recipients).batches))
  app.get('/bucket/recipients', c => {
    const status = fake().refusals.recipients.shift()
    if (status) return new Response('', { status })
    const range = c.req.header('range') ?? ''
    fake().ranges.push(range)
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? []
    const bytes = Buffer.from(indexOf(fake().recipients).recipients).subarray(Number(first), Number(last) + 1)
    return new Response(bytes, { status: 206 })
  })
}

function indexOf(recipients: readonly Recipient[]): { recipients: string; batches: string } {
  let offset = 0
  const batches: string[] = []
  const lines = recipients.map(encodeRecipientLine)
  for (let first = 0; first < lines.length; first += BATCH_SIZE) {
    const bytes = Buffer.from(lines.slice(first, first + BATCH_SIZE).join(''))
    const size = Math.min(BATCH_SIZE, lines.length - first)
    batches.push(encodeBatchSlice({ offset, length: bytes.length, size, digest: sha256Hex(bytes) }))
    offset += bytes.length
  }
  return { recipients: lines.join(''), batches: batches.join('') }
}
