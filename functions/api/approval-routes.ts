import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import { approve } from './approve.ts'
import { noticeViewSchema, viewNotice } from './notice-view.ts'
import type { ApiPorts } from './ports.ts'
import { preview, previewRequestSchema, previewSchema } from './preview.ts'
import { principalOf } from './principal.ts'
import { answerProblem, problemResponses } from './problem-response.ts'
import { noticeNotFound } from './refusals.ts'
import { emptyBody, jsonBody, jsonResponse, noticePath } from './route-parts.ts'

const previewRoute = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/preview',
  operationId: 'preview',
  summary: 'Render the message of one recipient',
  request: { params: noticePath, body: jsonBody(previewRequestSchema) },
  responses: {
    200: jsonResponse('The message, or why it cannot be made.', previewSchema),
    ...problemResponses(
      'malformed-json',
      'notice-not-found',
      'audience-not-ready',
      'body-too-large',
      'unsupported-media-type',
      'invalid-request',
      'unexpected',
    ),
  },
})

const approveRoute = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/approve',
  operationId: 'approve',
  summary: 'Approve the content and the audience',
  description: 'Checks that every message can be made, and binds the SHA-256 of content and audience.',
  request: { params: noticePath, body: jsonBody(emptyBody) },
  responses: {
    200: jsonResponse('The approved notice.', noticeViewSchema),
    ...problemResponses(
      'malformed-json',
      'no-principal',
      'notice-not-found',
      'state-conflict',
      'audience-not-ready',
      'variables-missing',
      'changed-meanwhile',
      'body-too-large',
      'unsupported-media-type',
      'invalid-request',
      'unexpected',
    ),
  },
})

export function addApprovalRoutes(app: OpenAPIHono, ports: ApiPorts): void {
  app.openapi(previewRoute, async c => {
    const { noticeId } = c.req.valid('param')
    const notice = await ports.notices.read(noticeId)
    if (notice === undefined) return answerProblem(c, noticeNotFound(noticeId))
    const result = await preview(ports, notice, c.req.valid('json'))
    return result.kind === 'refused' ? answerProblem(c, result) : c.json(result.preview, 200)
  })

  app.openapi(approveRoute, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const approval = await approve(ports, c.req.valid('param').noticeId, principal.arn)
    return approval.kind === 'refused' ? answerProblem(c, approval) : c.json(viewNotice(approval.notice), 200)
  })
}
