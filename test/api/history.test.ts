import { expect, test } from 'vitest'
import { emptyTally } from '../../functions/notice/notice.ts'
import { apiUnderTest, customers, operator } from './api-under-test.ts'

test('the history says who did what, when and under which run, and what OnlyTo did by itself', async () => {
  const under = apiUnderTest()
  const { post, get, time } = under
  const noticeId = await under.draft()
  await under.index(noticeId, customers)
  const actions = ['approve', 'start', 'stop', 'resume'] as const
  for (const action of actions) {
    time.nowMs += 1_000
    await post(`/notices/${noticeId}/${action}`)
  }
  time.nowMs += 1_000
  await post('/stop')
  time.nowMs += 1_000
  await post(`/notices/${noticeId}/resume`)
  await under.ports.notices.finish(noticeId, 3, { ...emptyTally, accepted: 150 }, 2, time.nowMs)
  const { status, body } = await get(`/notices/${noticeId}/history`)
  const at = (seconds: number) => `2026-11-20T12:00:0${seconds}.000Z`
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      entries: [
        { at: at(0), action: 'create', by: operator, run: 0 },
        { at: at(0), action: 'upload', by: operator, run: 0 },
        { at: at(1), action: 'approve', by: operator, run: 0 },
        { at: at(2), action: 'start', by: operator, run: 1 },
        { at: at(3), action: 'stop', by: operator, run: 1 },
        { at: at(4), action: 'resume', by: operator, run: 2 },
        { at: at(5), action: 'stop-all', by: operator, run: 2 },
        { at: at(6), action: 'resume', by: operator, run: 3 },
        { at: at(6), action: 'finish', run: 3 },
      ],
      leftOut: 0,
    },
  })
})

test('there is no history of a notice that there is not', async () => {
  const { body } = await apiUnderTest().get('/notices/n-none/history')
  expect(body).toMatchObject({ type: 'urn:onlyto:problem:notice-not-found', status: 404 })
})
