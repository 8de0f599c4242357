import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyTally } from '../../functions/notice/notice.ts'
import { type NoticeState, noticeTransitions } from '../../functions/notice/notice-states.ts'
import { apiUnderTest, customers } from './api-under-test.ts'

const actions = [
  'audience',
  'index',
  'approve',
  'start',
  'stop',
  'resume',
  'finish',
  'preview',
  'status',
  'report',
  'deliveries',
  'recipients-link',
  'look-up',
] as const
const steps = Object.values(noticeTransitions).flatMap(({ from, to }) => from.map(state => `${state} ${to}`))

const bodyOf = (action: string) => (action === 'look-up' ? { address: customers[0]?.address } : {})

test('whatever is asked in whatever order, a notice moves along the transition table and shows no address', async () => {
  const visited = new Set<NoticeState>()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...actions), { maxLength: 14 }), async sequence => {
      const under = apiUnderTest()
      const { notices } = under.ports
      const noticeId = await under.draft()
      const path = `/notices/${noticeId}`
      const gets = ['', '/audience', '/status', '/report', '/deliveries', '/deliveries?not=accepted']
      for (const action of ['index', 'approve', ...sequence] as const) {
        const before = await notices.read(noticeId)
        if (action === 'index') await under.index(noticeId, customers)
        else if (action === 'finish') {
          await notices.finish(noticeId, before?.run ?? 0, { ...emptyTally, accepted: 150 }, 2, under.time.nowMs)
        } else {
          const isRead = action === 'status' || action === 'report' || action === 'deliveries'
          const answer = isRead
            ? await under.get(`${path}/${action}`)
            : await under.post(`${path}/${action}`, bodyOf(action))
          expect(answer.status).toBeLessThan(500)
          expect(answer.text).not.toContain('@customers.test')
          if (answer.status >= 400) expect(await notices.read(noticeId)).toEqual(before)
        }
        const after = await notices.read(noticeId)
        if (after?.state !== before?.state) expect(steps).toContain(`${before?.state} ${after?.state}`)
        if (after?.state === 'sending') expect(after.approval?.contentDigest).toBe(after.contentDigest)
        if (after !== undefined) visited.add(after.state)
      }
      for (const answer of await Promise.all(gets.map(end => under.get(`${path}${end}`)))) {
        expect(answer.text).not.toContain('@customers.test')
      }
    }),
    // One sequence goes through every state, as chance alone does not always.
    { numRuns: 60, examples: [[['start', 'stop', 'resume', 'finish', 'approve', 'start']]] },
  )
  expect([...visited].sort()).toEqual(['approved', 'draft', 'finished', 'sending', 'stopped'])
})
