import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countMatching, matches } from '../../functions/api/delivery-filter.ts'
import { addCounts, countsOfDelivery, emptyCounts } from '../../functions/ledger/counts.ts'
import { fateKinds } from '../../functions/ledger/delivery-states.ts'
import { type Delivery, type Fate, type Reached, untouched } from '../../functions/ledger/fate.ts'
import { sealed } from '../memory/memory-audience-keys.ts'
import { type ApiUnderTest, apiUnderTest, customers } from './api-under-test.ts'
import { accepted, failed, inDoubt, sendBatch } from './sent-notice.ts'

async function indexed(under: ApiUnderTest, recipients = customers): Promise<string> {
  const noticeId = await under.draft()
  await under.index(noticeId, recipients)
  return noticeId
}

/** Every page, as a client would read them. */
async function readAll({ get }: ApiUnderTest, noticeId: string, query = '') {
  const pages = []
  let from = ''
  do {
    const { status, body } = await get(`/notices/${noticeId}/deliveries?${query}${from}`)
    expect(status).toBe(200)
    pages.push(body)
    from = body.next === undefined ? '' : `&from=${body.next}`
  } while (from !== '')
  return { pages, deliveries: pages.flatMap(page => page.deliveries) }
}

const keyOf = (position: number) => customers[position]?.key

describe('the deliveries of a notice', () => {
  test('are everybody, each once, whether anything is known of them or not', async () => {
    const under = apiUnderTest()
    const noticeId = await indexed(under)
    await sendBatch(under, { noticeId, batch: 0, end: 'open' }, customers, { 3: [], 4: [[failed('it bounced off')]] })
    const { deliveries } = await readAll(under, noticeId)
    expect(deliveries.map(({ recipientKey }) => recipientKey).sort()).toEqual(customers.map(({ key }) => key).sort())
    const fates = Map.groupBy(deliveries, ({ fate }) => fate)
    expect([...fates].map(([fate, { length }]) => [fate, length]).sort()).toEqual([
      ['accepted', 98],
      ['failed', 1],
      ['pending', 51],
    ])
  })

  test('name fate, reason, time, attempts and message ids, and what became of the message', async () => {
    const under = apiUnderTest()
    const noticeId = await indexed(under)
    await sendBatch(under, { noticeId, batch: 1 }, customers, {
      0: [[failed('a bad address')]],
      1: [[inDoubt], [accepted('m-again')]],
      2: [[accepted('m-back'), { event: 'bounce', detail: 'Transient/MailboxFull' }]],
    })
    const { deliveries } = await readAll(under, noticeId, 'not=pending')
    const of = (position: number) => deliveries.find(({ recipientKey }) => recipientKey === keyOf(position))
    const common = { batch: 1, attempts: 1, sentAgain: false, retryable: false, at: '2026-11-20T12:00:01.000Z' }
    expect(of(100)).toEqual({
      ...common,
      ...{ recipientKey: keyOf(100), fate: 'failed', reason: 'a bad address', messageIds: [] },
    })
    expect(of(101)).toEqual({
      ...common,
      ...{ recipientKey: keyOf(101), fate: 'accepted', attempts: 2, sentAgain: true, messageIds: ['m-again'] },
      at: '2026-11-20T12:00:02.000Z',
    })
    expect(of(102)).toMatchObject({
      fate: 'accepted',
      retryable: true,
      reached: 'bounced',
      detail: 'Transient/MailboxFull',
    })
  })

  test.each<[string, readonly number[]]>([
    ['fate=failed', [100]],
    ['fate=failed,inDoubt', [100, 103]],
    ['not=accepted', [100, 103]],
    ['not=accepted&fate=failed,accepted', [100]],
    ['sentAgain=true', [101]],
    ['reached=bounced', [102]],
    ['reached=complained', [104]],
    ['retryable=true', [102]],
    ['fate=suppressed', []],
  ])('can be narrowed down: %s', async (query, positions) => {
    const under = apiUnderTest()
    const noticeId = await indexed(under)
    await sendBatch(under, { noticeId, batch: 0 }, customers)
    await sendBatch(under, { noticeId, batch: 1 }, customers, {
      0: [[failed('a bad address')]],
      1: [[inDoubt], [accepted('m-again')]],
      2: [[accepted('m-back'), { event: 'bounce', detail: 'Transient/MailboxFull' }]],
      3: [[inDoubt]],
      4: [[accepted('m-annoyed'), { event: 'complaint', detail: 'abuse' }]],
    })
    const { deliveries } = await readAll(under, noticeId, query)
    expect(deliveries.map(({ recipientKey }) => recipientKey)).toEqual(positions.map(keyOf).sort())
  })

  test('are read only where the counts of a batch say that somebody matches', async () => {
    const read: number[] = []
    const under = apiUnderTest()
    const { ledger } = under
    const watched = apiUnderTest({
      ...under.ports,
      ledger: {
        ...ledger,
        readFacts: (noticeId, batch) => {
          read.push(batch)
          return ledger.readFacts(noticeId, batch)
        },
      },
    })
    const noticeId = await indexed(under)
    await sendBatch(under, { noticeId, batch: 0 }, customers)
    await sendBatch(under, { noticeId, batch: 1 }, customers, { 7: [[failed('a bad address')]] })
    const { body } = await watched.get(`/notices/${noticeId}/deliveries?not=accepted`)
    expect(body.deliveries).toHaveLength(1)
    expect(read).toEqual([1])
  })

  test('are read where a sender is at work, whose counts are those of before', async () => {
    const under = apiUnderTest()
    const noticeId = await indexed(under)
    await sendBatch(under, { noticeId, batch: 1, end: 'leased' }, customers, { 7: [[failed('a bad address')]] })
    const { deliveries } = await readAll(under, noticeId, 'fate=failed')
    expect(deliveries.map(({ recipientKey }) => recipientKey)).toEqual([keyOf(107)])
  })

  test('come in pages that one answer holds, of whole batches in their order, and none is lost or repeated', async () => {
    const many = Array.from({ length: 2_350 }, (_, i) =>
      sealed({ address: `c${i}@customers.test`, key: String(i).padStart(22, '0'), variables: {} }),
    )
    const under = apiUnderTest()
    const noticeId = await indexed(under, many)
    const reason = 'x'.repeat(3_000)
    for (let batch = 0; batch < 23; batch++) {
      const histories = Object.fromEntries(Array.from({ length: 100 }, (_, position) => [position, [[failed(reason)]]]))
      await sendBatch(under, { noticeId, batch }, many, histories)
    }
    const { pages, deliveries } = await readAll(under, noticeId)
    expect(pages.length).toBeGreaterThan(1)
    for (const page of pages) expect(JSON.stringify(JSON.stringify(page)).length).toBeLessThan(6 * 1024 * 1024)
    expect(deliveries.map(({ recipientKey }) => recipientKey)).toEqual(many.map(({ key }) => key))
  })

  test('stop at what ten seconds allow, and go on there', async () => {
    const under = apiUnderTest()
    const many = Array.from({ length: 1_700 }, (_, i) =>
      sealed({ address: `c${i}@customers.test`, key: String(i).padStart(22, '0'), variables: {} }),
    )
    const { ledger } = under
    const slow = apiUnderTest({
      ...under.ports,
      ledger: {
        ...ledger,
        readFacts: (noticeId, batch) => {
          under.time.nowMs += 1_000
          return ledger.readFacts(noticeId, batch)
        },
      },
    })
    const noticeId = await indexed(under, many)
    for (let batch = 0; batch < 17; batch++) await sendBatch(under, { noticeId, batch }, many)
    const { pages, deliveries } = await readAll(slow, noticeId)
    expect(pages.map(({ next }) => next)).toEqual(['16', undefined])
    expect(deliveries).toHaveLength(1_700)
  })

  test.each([
    ['fate=sent', 'fate'],
    ['not=', 'not'],
    ['sentAgain=yes', 'sentAgain'],
    ['reached=delivered', 'reached'],
    ['from=ana@customers.test', 'from'],
    ['who=ana', 'who'],
  ])('are not asked for by %s', async (query, parameter) => {
    const under = apiUnderTest()
    const noticeId = await indexed(under)
    const { body, text } = await under.get(`/notices/${noticeId}/deliveries?${query}`)
    expect(body).toMatchObject({ status: 422, errors: [{ parameter: expect.stringContaining(parameter) }] })
    expect(text).not.toContain('@customers.test')
  })

  test('need an audience, and addresses where somebody may be pending', async () => {
    const under = apiUnderTest()
    const draft = await under.draft()
    expect((await under.get(`/notices/${draft}/deliveries`)).body).toMatchObject({
      type: 'urn:onlyto:problem:audience-not-ready',
    })
    expect((await under.get('/notices/n-none/deliveries')).status).toBe(404)
    const noticeId = await indexed(under)
    await sendBatch(under, { noticeId, batch: 0 }, customers)
    under.indexed.clear()
    expect((await under.get(`/notices/${noticeId}/deliveries`)).body).toMatchObject({
      type: 'urn:onlyto:problem:audience-expired',
      status: 410,
    })
    await sendBatch(under, { noticeId, batch: 1 }, customers)
    expect((await readAll(under, noticeId)).deliveries).toHaveLength(150)
  })
})

const fates: readonly Fate[] = [
  { kind: 'pending' },
  { kind: 'accepted', messageId: 'm' },
  { kind: 'rejected', reason: 'r' },
  { kind: 'failed', reason: 'r', passing: true },
  { kind: 'failed', reason: 'r', passing: false },
  { kind: 'suppressed', reason: 'r' },
  { kind: 'inDoubt', reason: 'r' },
]
const reached: readonly (Reached | undefined)[] = [
  undefined,
  { kind: 'delivered', detail: '' },
  { kind: 'bounced', detail: 'Transient/General' },
  { kind: 'bounced', detail: 'Permanent/General' },
  { kind: 'complained', detail: 'abuse' },
]
const anyDelivery = fc
  .record({ fate: fc.constantFrom(...fates), reached: fc.constantFrom(...reached), sentAgain: fc.boolean() })
  .map((known): Delivery => ({ ...untouched, ...known }))
const anyFates = fc.option(fc.uniqueArray(fc.constantFrom(...fateKinds), { minLength: 1 }), { nil: undefined })
const anyTrue = fc.option(fc.constant('true' as const), { nil: undefined })
const anyFilter = fc.record({
  fate: anyFates,
  not: anyFates,
  reached: fc.option(fc.constantFrom('bounced' as const, 'complained' as const), { nil: undefined }),
  sentAgain: anyTrue,
  retryable: anyTrue,
})

test('a batch whose counts say that nobody matches holds nobody who matches', () => {
  fc.assert(
    fc.property(fc.array(anyDelivery, { minLength: 1, maxLength: 6 }), anyFilter, (deliveries, filter) => {
      const counts = deliveries.map(countsOfDelivery).reduce(addCounts, emptyCounts)
      const matching = deliveries.filter(delivery => matches(filter, delivery)).length
      expect(countMatching(filter, counts, deliveries.length)).toBeGreaterThanOrEqual(matching)
    }),
  )
})
