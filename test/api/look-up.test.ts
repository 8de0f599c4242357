import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findBatchOf } from '../../functions/api/find-address.ts'
import { encodeRecipientLine } from '../../functions/recipient/recipient-line.ts'
import { sealed } from '../memory/memory-audience-keys.ts'
import { apiUnderTest, customers, operator } from './api-under-test.ts'
import { accepted, failed, inDoubt, sendBatch } from './sent-notice.ts'

async function sent() {
  const under = apiUnderTest()
  const noticeId = await under.draft()
  await under.index(noticeId, customers)
  const lookUp = (address: unknown) => under.post(`/notices/${noticeId}/look-up`, { address })
  return { ...under, under, noticeId, lookUp }
}

describe('a look-up', () => {
  test('tells the fate of one address and all that is known of it, oldest first', async () => {
    const { under, noticeId, lookUp } = await sent()
    await sendBatch(under, { noticeId, batch: 1 }, customers, {
      5: [[inDoubt], [accepted('m-2'), { event: 'bounce', detail: 'Permanent/General' }]],
    })
    const { status, body } = await lookUp('customer-103@customers.test')
    expect(status).toBe(200)
    expect(body).toEqual({
      found: true,
      delivery: {
        ...{ recipientKey: customers[105]?.key, batch: 1, fate: 'accepted', at: '2026-11-20T12:00:02.000Z' },
        ...{ attempts: 2, sentAgain: true, retryable: false, reached: 'bounced', detail: 'Permanent/General' },
        messageIds: [expect.stringContaining('m-')],
      },
      timeline: [
        { at: '2026-11-20T12:00:01.000Z', attempt: 1, what: 'inDoubt', reason: 'no answer came' },
        { at: '2026-11-20T12:00:02.000Z', attempt: 2, what: 'accepted', messageId: 'm-2' },
        expect.objectContaining({ attempt: 2, what: 'bounce', reason: 'Permanent/General' }),
      ],
    })
  })

  test('finds the mailbox however its address is written', async () => {
    const { lookUp } = await sent()
    expect((await lookUp(' ANA@Customers.TEST ')).body).toMatchObject({ found: true, delivery: { fate: 'pending' } })
  })

  test('says plainly that an address is not among the recipients', async () => {
    const { lookUp } = await sent()
    for (const address of ['eve@customers.test', 'na@customers.test', 'ana@customers.tes']) {
      expect((await lookUp(address)).body).toEqual({ found: false })
    }
  })

  test('does not mistake a variable for a recipient', async () => {
    const under = apiUnderTest()
    const noticeId = await under.draft()
    const variables = { address: 'eve@customers.test', key: 'k' }
    await under.index(noticeId, [sealed({ address: 'ana@customers.test', key: 'a'.repeat(22), variables })])
    expect((await under.post(`/notices/${noticeId}/look-up`, { address: 'eve@customers.test' })).body).toEqual({
      found: false,
    })
  })

  test.each([
    ['ana@', '/address'],
    ['Ana <ana@customers.test>', '/address'],
    [7, '/address'],
  ])('of %j is refused, without repeating it', async (address, pointer) => {
    const { lookUp } = await sent()
    const { body, text } = await lookUp(address)
    expect(body).toMatchObject({ type: 'urn:onlyto:problem:invalid-request', errors: [{ pointer }] })
    expect(text).not.toContain('ana@')
  })

  test('leaves no address in answers, problems and logs, not even one in the wrong place', async () => {
    const { under, noticeId, lookUp, logged, post } = await sent()
    await sendBatch(under, { noticeId, batch: 0 }, customers, { 0: [[failed('a bad address')]] })
    const answers = [
      await lookUp('ana@customers.test'),
      await lookUp('eve@customers.test'),
      await lookUp('ana@customers.test, bob@customers.test'),
      await post(`/notices/${noticeId}/look-up`, { 'ana@customers.test': true }),
      await post(`/notices/${noticeId}/look-up`, { address: 'ana@customers.test', 'x/bob@customers.test': 1 }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 422, 422, 422])
    for (const { text } of answers) expect(text).not.toMatch(/@customers|customers\.test/)
    expect(JSON.stringify(logged)).not.toMatch(/@|customers\.test/)
    expect(logged).toContainEqual(['An address was looked up', { noticeId, by: operator }])
  })

  test('needs the addresses, and somebody who asks', async () => {
    const { noticeId, lookUp, indexed, request } = await sent()
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ address: 'ana@customers.test' }),
    }
    expect((await request(`/notices/${noticeId}/look-up`, init, {})).status).toBe(401)
    expect((await request(`/notices/${noticeId}/recipients-link`, { method: 'POST' }, {})).status).toBe(401)
    indexed.clear()
    expect((await lookUp('ana@customers.test')).body).toMatchObject({ type: 'urn:onlyto:problem:audience-expired' })
  })
})

describe('the link to the recipients', () => {
  test('leads to both objects of the audience, says what they must hash to, and is in the log with who asked', async () => {
    const { noticeId, post, ports, logged } = await sent()
    const { status, body } = await post(`/notices/${noticeId}/recipients-link`)
    const notice = await ports.notices.read(noticeId)
    expect(status).toBe(200)
    expect(body).toEqual({
      recipientsUrl: expect.stringContaining('/recipients.ndjson?'),
      batchesUrl: expect.stringContaining('/batches?'),
      audienceDigest: notice?.audience?.state === 'ready' && notice.audience.digest,
      expiresAt: '2026-11-20T12:15:00.000Z',
    })
    expect(logged).toContainEqual(['Links to the recipients were given', { noticeId, by: operator }])
  })

  test('is refused once the addresses are gone', async () => {
    const { noticeId, post, indexed } = await sent()
    indexed.clear()
    expect((await post(`/notices/${noticeId}/recipients-link`)).body).toMatchObject({
      type: 'urn:onlyto:problem:audience-expired',
      status: 410,
    })
  })
})

describe('the search in an audience', () => {
  const all = { audienceId: 'a', from: 0 }
  const patient = (address: string) => ({ address, isLate: () => false })
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

  /** An audience whose variables are padded, so that it has several parts. */
  function audienceOf(recipients: number, padding: number) {
    const variables = { note: 'x'.repeat(padding) }
    const lines = Array.from({ length: recipients }, (_, i) =>
      encodeRecipientLine(sealed({ address: `c${i}@customers.test`, key: 'k'.repeat(22), variables })),
    )
    let offset = 0
    const slices = Array.from({ length: Math.ceil(recipients / 100) }, (_, batch) => {
      const bytes = Buffer.from(lines.slice(batch * 100, (batch + 1) * 100).join(''))
      const slice = {
        offset,
        length: bytes.length,
        size: Math.min(100, recipients - batch * 100),
        digest: sha256(bytes),
      }
      offset += bytes.length
      return slice
    })
    const bytes = Buffer.from(lines.join(''))
    const objects = {
      readRecipientBytes: async (_: string, from: number, length: number) => bytes.subarray(from, from + length),
    }
    return { bytes, slices, objects }
  }

  test('finds everybody in their own batch, wherever the parts end', async () => {
    const { slices, objects } = audienceOf(1_234, 10_000)
    await fc.assert(
      fc.asyncProperty(fc.nat(1_233), async i => {
        const batch = await findBatchOf(objects, { ...all, slices }, patient(`c${i}@customers.test`))
        expect(batch).toEqual({ kind: 'found', batch: Math.floor(i / 100) })
      }),
      { numRuns: 20, examples: [[0], [1_233], [99], [100]] },
    )
    expect(await findBatchOf(objects, { ...all, slices }, patient('c1234@customers.test'))).toEqual({ kind: 'absent' })
  })

  test('answers no only about the audience that was approved', async () => {
    const { bytes, slices, objects } = audienceOf(300, 10)
    bytes.write('X', (slices[2]?.offset ?? 0) + 15)
    const search = findBatchOf(objects, { ...all, slices }, patient('eve@customers.test'))
    await expect(search).rejects.toThrow('not those')
  })

  test('that runs out of time says where to go on, and finds whoever stands there', async () => {
    const { slices, objects } = audienceOf(2_500, 10_000)
    const address = 'c2499@customers.test'
    const isLate = () => true
    let from = 0
    for (let searches = 1; ; searches++) {
      const search = await findBatchOf(objects, { audienceId: 'a', slices, from }, { address, isLate })
      if (search.kind === 'unfinished') {
        expect(search.next).toBeGreaterThan(from)
        from = search.next
        continue
      }
      expect(search).toEqual({ kind: 'found', batch: 24 })
      expect(searches).toBeGreaterThan(3)
      return
    }
  })
})
