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
  'history',
  'refuse',
  'resume-with-a-word',
  'deliveries',
  'recipients-link',
  'look-up',
] as const
const steps = Object.values(noticeTransitions).flatMap(({ from, to }) => from.map(state => `${state} ${to}`))

function bodyOf(action: string) {
  if (action === 'resume-with-a-word') return { afterLeak: 'The cause was found and mended' }
  return action === 'look-up' ? { address: customers[0]?.address } : {}
}

test('whatever is asked in whatever order, a notice moves along the transition table and shows no address', async () => {
  const visited = new Set<NoticeState>()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...actions), { maxLength: 14 }), async sequence => {
      const under = apiUnderTest()
      const { notices } = under.ports
      const noticeId = await under.draft()
      const path = `/notices/${noticeId}`
      const gets = ['', '/audience', '/status', '/report', '/history', '/deliveries', '/deliveries?not=accepted']
      for (const action of ['index', 'approve', ...sequence] as const) {
        const before = await notices.read(noticeId)
        if (action === 'index') await under.index(noticeId, customers)
        else if (action === 'refuse') {
          const finding = { rule: 'foreign-address', field: 'Content.Simple.Subject', excerpt: '*@*.*' } as const
          const leak = { ...finding, batch: 0, recipientKey: 'key', run: before?.run || 1 }
          await notices.stopLeaking(noticeId, leak, under.time.nowMs)
        } else if (action === 'finish') {
          await notices.finish(noticeId, before?.run ?? 0, { ...emptyTally, accepted: 150 }, 2, under.time.nowMs)
        } else {
          const isRead = ['status', 'report', 'history', 'deliveries'].includes(action)
          const answer = isRead
            ? await under.get(`${path}/${action}`)
            : await under.post(`${path}/${action.replace('-with-a-word', '')}`, bodyOf(action))
          expect(answer.status).toBeLessThan(500)
          expect(answer.text).not.toContain('@customers.test')
          if (answer.status >= 400) expect(await notices.read(noticeId)).toEqual(before)
        }
        const after = await notices.read(noticeId)
        if (after?.state !== before?.state) expect(steps).toContain(`${before?.state} ${after?.state}`)
        if (after?.state === 'sending') expect(after.approval?.contentDigest).toBe(after.contentDigest)
        if (before?.leak !== undefined && action !== 'resume-with-a-word') expect(after?.leak).toEqual(before.leak)
        if (after !== undefined) visited.add(after.state)
      }
      for (const answer of await Promise.all(gets.map(end => under.get(`${path}${end}`)))) {
        expect(answer.text).not.toContain('@customers.test')
      }
    }),
    // One sequence goes through every state, as chance alone does not always.
    {
      numRuns: 60,
      examples: [
        [['start', 'stop', 'resume', 'finish', 'approve', 'start']],
        [['start', 'refuse', 'resume', 'stop', 'resume-with-a-word', 'history']],
      ],
    },
  )
  expect([...visited].sort()).toEqual(['approved', 'draft', 'finished', 'sending', 'stopped'])
})
