import { describe, expect, test } from 'vitest'
import type { Leak } from '../../functions/notice/leak.ts'
import { emptyTally } from '../../functions/notice/notice.ts'
import { type ApiUnderTest, apiUnderTest, customers, operator } from './api-under-test.ts'
import { sendBatch } from './sent-notice.ts'

const finding = { rule: 'foreign-address', field: 'Content.Simple.Body.Text', excerpt: '* *: *.*@*.*' } as const
const means = expect.stringMatching(/^An address stands in it/)
const keyOf = (position: number) => customers[position]?.key ?? ''
const cause = 'The footer named a former support address; it was mended'

async function started(under: ApiUnderTest): Promise<string> {
  const noticeId = await under.draft()
  await under.index(noticeId, customers)
  await under.post(`/notices/${noticeId}/approve`)
  await under.post(`/notices/${noticeId}/start`)
  return noticeId
}

/** A notice of whose first batch two messages were refused, of different rules. */
async function leaking(under: ApiUnderTest): Promise<string> {
  const noticeId = await started(under)
  const crossed = { rule: 'crossed-row', field: 'seal', excerpt: '' } as const
  const histories = { 0: [[{ kind: 'rejected', ...finding }]], 1: [[{ kind: 'rejected', ...crossed }]] } as const
  await sendBatch(under, { noticeId, batch: 0, end: 'open' }, customers, histories)
  await refuse(under, noticeId)
  return noticeId
}

async function refuse({ ports, time }: ApiUnderTest, noticeId: string, run = 1): Promise<void> {
  const leak: Leak = { ...finding, batch: 0, recipientKey: keyOf(0), run }
  await ports.notices.stopLeaking(noticeId, leak, time.nowMs)
}

async function unconfirmed(under: ApiUnderTest, noticeId: string, action: string, body: object = {}) {
  const before = await under.ports.notices.read(noticeId)
  const answer = await under.post(`/notices/${noticeId}/${action}`, body)
  expect(answer.body).toMatchObject({ type: 'urn:onlyto:problem:leak-not-confirmed', status: 409 })
  expect(await under.ports.notices.read(noticeId)).toEqual(before)
  return answer.body
}

describe('A notice of which a message was refused', () => {
  test('is not resumed by a plain request, which is told what was refused, how often, and what to ask instead', async () => {
    const under = apiUnderTest()
    const noticeId = await leaking(under)
    const { detail, leak, rejections } = await unconfirmed(under, noticeId, 'resume')
    expect(detail).toContain('refused 2 messages')
    expect(detail).toMatch(
      /Rule foreign-address, in Content\.Simple\.Body\.Text at \* \*: \*\.\*@\*\.\*: An address stands/,
    )
    expect(detail).toContain(`POST /notices/${noticeId}/resume with {"afterLeak":"…"}`)
    expect(leak).toMatchObject({ ...finding, means, run: 1, batch: 0, recipientKey: keyOf(0) })
    expect(rejections).toEqual([
      { rule: 'crossed-row', field: 'seal', means: expect.any(String), recipients: 1 },
      { rule: 'foreign-address', field: finding.field, means, recipients: 1 },
    ])
    expect(under.woken).toHaveLength(1)
  })

  test('is not resumed either when an operator has stopped it since, or all notices', async () => {
    const under = apiUnderTest()
    const noticeId = await leaking(under)
    await under.post(`/notices/${noticeId}/stop`)
    await unconfirmed(under, noticeId, 'resume')
    await under.post('/stop')
    await unconfirmed(under, noticeId, 'resume')
  })

  test('is not resumed when an operator had stopped it before the refusal was told', async () => {
    const under = apiUnderTest()
    const noticeId = await started(under)
    await under.post('/stop')
    await refuse(under, noticeId)
    const { detail } = await unconfirmed(under, noticeId, 'resume')
    // Its sender has not counted it yet.
    expect(detail).toContain('refused 1 message')
  })

  test('goes on with a word, which the history keeps with its principal', async () => {
    const under = apiUnderTest()
    const noticeId = await leaking(under)
    const { status, body } = await under.post(`/notices/${noticeId}/resume`, { afterLeak: cause })
    expect({ status, state: body.state, run: body.run, leak: body.leak }).toEqual({
      ...{ status: 200, state: 'sending', run: 2, leak: undefined },
    })
    const history = await under.get(`/notices/${noticeId}/history`)
    expect(history.body.entries.at(-1)).toEqual({
      ...{ at: '2026-11-20T12:00:00.000Z', action: 'resume', by: operator, run: 2, reason: cause, finding },
    })
  })

  test.each([
    ['a yes', 'yes'],
    ['blanks', '               '],
    ['a line break', 'The footer was wrong;\nit was mended'],
    ['too many words', 'x'.repeat(301)],
    ['an address', 'ana@customers.test had the name of another'],
  ])('takes no %s for a word, and does not repeat it', async (_, afterLeak) => {
    const under = apiUnderTest()
    const noticeId = await leaking(under)
    const before = await under.ports.notices.read(noticeId)
    const { status, body, text } = await under.post(`/notices/${noticeId}/resume`, { afterLeak })
    expect({ status, pointer: body.errors[0].pointer }).toEqual({ status: 422, pointer: '/afterLeak' })
    expect(text).not.toContain('@customers.test')
    expect(await under.ports.notices.read(noticeId)).toEqual(before)
  })

  test('shows the refusal in its status, its report and the list, until it was accounted for', async () => {
    const under = apiUnderTest()
    const noticeId = await leaking(under)
    const shown = { leak: { ...finding, means, at: '2026-11-20T12:00:00.000Z' } }
    expect((await under.get(`/notices/${noticeId}/status`)).body).toMatchObject({ state: 'stopped', ...shown })
    expect((await under.get(`/notices/${noticeId}/report`)).body).toMatchObject(shown)
    expect((await under.get('/notices')).body.notices).toMatchObject([shown])
    await under.post(`/notices/${noticeId}/resume`, { afterLeak: cause })
    expect((await under.get(`/notices/${noticeId}/status`)).body).not.toHaveProperty('leak')
    const { leakGuard } = (await under.get(`/notices/${noticeId}/report`)).body
    expect(leakGuard).toMatchObject([{ rule: 'crossed-row', recipients: 1 }, { rule: 'foreign-address' }])
  })

  test('says of each recipient by which rule, in which field and at what the message was refused', async () => {
    const under = apiUnderTest()
    const noticeId = await leaking(under)
    const { deliveries } = (await under.get(`/notices/${noticeId}/deliveries?fate=rejected`)).body
    const reasons = new Map(
      deliveries.map((one: { recipientKey: string; reason: string }) => [one.recipientKey, one.reason]),
    )
    expect(reasons.get(keyOf(0))).toBe('foreign-address in Content.Simple.Body.Text: * *: *.*@*.*')
    expect(reasons.get(keyOf(1))).toBe('crossed-row in seal')
    const looked = (await under.post(`/notices/${noticeId}/look-up`, { address: customers[0]?.address })).body
    expect(looked.timeline).toMatchObject([{ what: 'rejected', reason: reasons.get(keyOf(0)) }])
  })
})

test('a word is refused where no refusal is open', async () => {
  const under = apiUnderTest()
  const noticeId = await started(under)
  await under.post(`/notices/${noticeId}/stop`)
  const { status, body } = await under.post(`/notices/${noticeId}/resume`, { afterLeak: cause })
  expect({ status, errors: body.errors }).toMatchObject({ status: 422, errors: [{ pointer: '/afterLeak' }] })
  expect(await under.ports.notices.read(noticeId)).toMatchObject({ state: 'stopped', run: 1 })
})

test('a refusal that is told between the question and the answer is not taken for accounted for', async () => {
  const under = apiUnderTest()
  const noticeId = await leaking(under)
  const { read } = under.ports.notices
  const seen = await read(noticeId)
  await under.post(`/notices/${noticeId}/resume`, { afterLeak: cause })
  under.time.nowMs += 5_000
  await refuse(under, noticeId, 2)
  const stale = apiUnderTest({ ...under.ports, notices: { ...under.ports.notices, read: async () => seen } })
  const { body } = await stale.post(`/notices/${noticeId}/resume`, { afterLeak: cause })
  expect(body).toMatchObject({ type: 'urn:onlyto:problem:changed-meanwhile' })
  expect(await read(noticeId)).toMatchObject({ state: 'stopped', run: 2, leak: { run: 2 } })
})

describe('A retry of those rejected', () => {
  async function finished(under: ApiUnderTest): Promise<string> {
    const noticeId = await started(under)
    const histories = { 0: [[{ kind: 'rejected', ...finding }]], 1: [[{ kind: 'rejected', ...finding }]] } as const
    await sendBatch(under, { noticeId, batch: 0 }, customers, histories)
    await under.ports.notices.finish(noticeId, 1, { ...emptyTally, accepted: 148, rejected: 2 }, 2, under.time.nowMs)
    return noticeId
  }

  test('is told how many they are, and begins the next run for them', async () => {
    const under = apiUnderTest()
    const noticeId = await finished(under)
    const { status, body } = await under.post(`/notices/${noticeId}/retry`, { rejected: true, afterLeak: cause })
    expect({ status, body }).toMatchObject({ status: 200, body: { state: 'sending', run: 2, recipients: 2 } })
    expect(await under.ports.notices.read(noticeId)).toMatchObject({ retryRun: 2, retryRejected: true })
    const { entries } = (await under.get(`/notices/${noticeId}/history`)).body
    expect(entries.at(-1)).toMatchObject({ action: 'retry', by: operator, reason: cause })
  })

  test('is refused without a word, with what was refused and what to ask instead', async () => {
    const under = apiUnderTest()
    const noticeId = await finished(under)
    const { detail, rejections } = await unconfirmed(under, noticeId, 'retry', { rejected: true })
    expect(detail).toContain('with {"rejected":true,"afterLeak":"…"}')
    expect(rejections).toMatchObject([{ rule: 'foreign-address', recipients: 2 }])
  })

  test('is never meant by a plain retry', async () => {
    const under = apiUnderTest()
    const noticeId = await finished(under)
    const { body } = await under.post(`/notices/${noticeId}/retry`)
    expect(body).toMatchObject({ type: 'urn:onlyto:problem:nothing-to-retry' })
  })
})
