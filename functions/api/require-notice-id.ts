import { createMiddleware } from 'hono/factory'
import { answerProblem } from './problem-response.ts'
import { refusal } from './problems.ts'
import { isNoticeId } from './shown-path.ts'

/** Where the id of a notice belongs, nothing else goes further: no table is asked for it, and no text repeats it. */
export const requireNoticeId = createMiddleware(async (c, next) => {
  const [, room, noticeId = ''] = c.req.path.split('/')
  if (room !== 'notices' || noticeId === '' || isNoticeId(noticeId)) return next()
  const detail = 'What the path names is not the id of a notice. GET /notices lists those that there are.'
  return answerProblem(c, refusal('notice-not-found', detail))
})
