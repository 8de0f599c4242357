import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { noticeViewSchema, viewNotice } from './notice-view.ts'
import { paceRequestSchema, resumeRequestSchema, retryRequestSchema } from './pace.ts'
import type { ApiPorts } from './ports.ts'
import { principalOf } from './principal.ts'
import { answerProblem, problemResponses } from './problem-response.ts'
import type { ProblemKind } from './problems.ts'
import { emptyBody, jsonBody, jsonResponse, noticePath } from './route-parts.ts'
import { resumeNotice, retryNotice, startNotice, stopAllNotices, stopNotice } from './run-notice.ts'
import { isoTime, timeSchema } from './times.ts'

const commonProblems = [
  'malformed-json',
  'no-principal',
  'notice-not-found',
  'state-conflict',
  'changed-meanwhile',
  'body-too-large',
  'unsupported-media-type',
  'invalid-request',
  'unexpected',
] as const satisfies readonly ProblemKind[]

/** Why the account or the stack does not let a run begin. */
const limits = [
  'share-too-large',
  'sending-disabled',
  'account-in-sandbox',
  'quota-too-small',
] as const satisfies readonly ProblemKind[]

const messagesAtMost = z.number().int().meta({
  description: 'The most messages whose calls to SES may begin within the next second.',
})

const begunAnswerSchema = noticeViewSchema
  .extend({
    warnings: z.array(z.string()).meta({
      description: 'What keeps the notice from going out as fast as the account allows, and what to do. Mostly empty.',
    }),
  })
  .meta({ id: 'BegunNotice' })

const stopAnswerSchema = noticeViewSchema.extend({ messagesAtMost }).meta({ id: 'StoppedNotice' })

const stopAllAnswerSchema = z
  .object({
    stoppedAt: timeSchema,
    notices: z.array(z.string()).meta({
      description:
        'Those that this stopped. One that was started a moment before may be missing here; it is stopped as well.',
    }),
    messagesAtMost,
  })
  .meta({ id: 'StoppedNotices' })

const retryAnswerSchema = begunAnswerSchema
  .extend({ recipients: z.number().int().meta({ description: 'To whom it will be sent again.' }) })
  .meta({ id: 'RetriedNotice' })

const start = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/start',
  operationId: 'start',
  summary: 'Start sending',
  description:
    'Refused when there are more recipients than fit into the 24-hour quota of SES, unless `overDays` accepts that.',
  ...action(paceRequestSchema, begunAnswerSchema, ...limits, 'audience-not-ready', 'not-approved', 'lanes-changed'),
})

const stop = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/stop',
  operationId: 'stop',
  summary: 'Stop sending',
  description:
    'Returns once the stop is recorded. No call to SES begins later than a second after that. The report tells how many calls were in flight, and how many began after it. A notice that is stopped already stays so.',
  ...action(emptyBody, stopAnswerSchema),
})

const stopAll = createRoute({
  method: 'post',
  path: '/stop',
  operationId: 'stopAll',
  summary: 'Stop every notice',
  description:
    'Returns once the stop is recorded, in one write for all notices of the account. No call to SES begins later than a second after that. Each is resumed by itself.',
  request: { body: jsonBody(emptyBody) },
  responses: {
    200: jsonResponse('What was being sent.', stopAllAnswerSchema),
    ...problemResponses(
      'malformed-json',
      'no-principal',
      'body-too-large',
      'unsupported-media-type',
      'invalid-request',
      'unexpected',
    ),
  },
})

const retry = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/retry',
  operationId: 'retry',
  summary: 'Send again to those who failed for a passing reason',
  description:
    'Only to them, and only of a finished notice; to those whose message the leak guard refused as well, if that is asked for.',
  ...action(retryRequestSchema, retryAnswerSchema, ...limits, 'nothing-to-retry', 'leak-not-confirmed'),
})

const resume = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/resume',
  operationId: 'resume',
  summary: 'Go on where the notice was stopped',
  description:
    'At the pace that it had, where the body does not say otherwise. After a refusal by the leak guard only with `afterLeak`.',
  ...action(resumeRequestSchema, begunAnswerSchema, ...limits, 'leak-not-confirmed'),
})

export function addRunRoutes(app: OpenAPIHono, ports: ApiPorts): void {
  app.openapi(start, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const started = await startNotice(ports, { ...c.req.valid('param'), by: principal.arn }, c.req.valid('json'))
    if (started.kind === 'refused') return answerProblem(c, started)
    return c.json({ ...viewNotice(started.notice), warnings: started.warnings }, 200)
  })

  app.openapi(stop, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const stopped = await stopNotice(ports, c.req.valid('param').noticeId, principal.arn)
    if (stopped.kind === 'refused') return answerProblem(c, stopped)
    return c.json({ ...viewNotice(stopped.notice), messagesAtMost: stopped.messagesAtMost }, 200)
  })

  app.openapi(stopAll, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const { stoppedAtMs, noticeIds, ...rest } = await stopAllNotices(ports, principal.arn)
    return c.json({ stoppedAt: isoTime(stoppedAtMs), notices: [...noticeIds], ...rest }, 200)
  })

  app.openapi(resume, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const resumed = await resumeNotice(ports, { ...c.req.valid('param'), by: principal.arn }, c.req.valid('json'))
    if (resumed.kind === 'refused') return answerProblem(c, resumed)
    return c.json({ ...viewNotice(resumed.notice), warnings: resumed.warnings }, 200)
  })

  app.openapi(retry, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const retried = await retryNotice(ports, { ...c.req.valid('param'), by: principal.arn }, c.req.valid('json'))
    if (retried.kind === 'refused') return answerProblem(c, retried)
    const { notice, recipients, warnings } = retried
    return c.json({ ...viewNotice(notice), recipients, warnings }, 200)
  })
}

/** What the actions on one notice have in common. */
function action<Body extends z.ZodType, Answer extends z.ZodType, Kind extends ProblemKind = never>(
  body: Body,
  answer: Answer,
  ...own: readonly Kind[]
) {
  return {
    request: { params: noticePath, body: jsonBody(body) },
    responses: {
      200: jsonResponse('The notice as it is now.', answer),
      ...problemResponses<Kind | (typeof commonProblems)[number]>(...commonProblems, ...own),
    },
  }
}
