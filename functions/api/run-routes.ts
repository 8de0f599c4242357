import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import { noticeViewSchema, viewNotice } from './notice-view.ts'
import type { ApiPorts } from './ports.ts'
import { principalOf } from './principal.ts'
import { answerProblem, problemResponses } from './problem-response.ts'
import type { ProblemKind } from './problems.ts'
import { emptyBody, jsonBody, jsonResponse, noticePath } from './route-parts.ts'
import { resumeNotice, startNotice, stopNotice } from './run-notice.ts'

const commonProblems = [
  'malformed-json',
  'no-principal',
  'notice-not-found',
  'state-conflict',
  'changed-meanwhile',
  'unsupported-media-type',
  'invalid-request',
  'unexpected',
] as const satisfies readonly ProblemKind[]

const start = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/start',
  operationId: 'start',
  summary: 'Start sending',
  ...action('audience-not-ready', 'not-approved', 'sending-disabled'),
})

const stop = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/stop',
  operationId: 'stop',
  summary: 'Stop sending',
  description: 'Returns once the stop is recorded. No call to SES begins later than a second after that.',
  ...action(),
})

const resume = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/resume',
  operationId: 'resume',
  summary: 'Go on where the notice was stopped',
  ...action('sending-disabled'),
})

export function addRunRoutes(app: OpenAPIHono, ports: ApiPorts): void {
  app.openapi(start, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const started = await startNotice(ports, c.req.valid('param').noticeId)
    return started.kind === 'refused' ? answerProblem(c, started) : c.json(viewNotice(started.notice), 200)
  })

  app.openapi(stop, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const stopped = await stopNotice(ports, c.req.valid('param').noticeId, principal.arn)
    return stopped.kind === 'refused' ? answerProblem(c, stopped) : c.json(viewNotice(stopped.notice), 200)
  })

  app.openapi(resume, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const resumed = await resumeNotice(ports, c.req.valid('param').noticeId)
    return resumed.kind === 'refused' ? answerProblem(c, resumed) : c.json(viewNotice(resumed.notice), 200)
  })
}

/** What start, stop and resume have in common. */
function action<Kind extends ProblemKind = never>(...own: readonly Kind[]) {
  return {
    request: { params: noticePath, body: jsonBody(emptyBody) },
    responses: {
      200: jsonResponse('The notice as it is now.', noticeViewSchema),
      ...problemResponses<Kind | (typeof commonProblems)[number]>(...commonProblems, ...own),
    },
  }
}
