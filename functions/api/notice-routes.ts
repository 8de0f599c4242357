import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { contentSchema } from '../notice/content.ts'
import { createNotice, newNoticeSchema } from './create-notice.ts'
import { noticeViewSchema, stateSchema, viewNotice } from './notice-view.ts'
import type { ApiPorts } from './ports.ts'
import { principalOf } from './principal.ts'
import { answerProblem, problemResponses } from './problem-response.ts'
import { noticeNotFound } from './refusals.ts'
import { jsonBody, jsonResponse, noticePath } from './route-parts.ts'

const create = createRoute({
  method: 'post',
  path: '/notices',
  operationId: 'createNotice',
  summary: 'Create a draft',
  request: { body: { ...jsonBody(newNoticeSchema), required: true } },
  responses: {
    201: jsonResponse('The draft.', noticeViewSchema),
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

const list = createRoute({
  method: 'get',
  path: '/notices',
  operationId: 'listNotices',
  summary: 'List notices, newest first',
  request: { query: z.strictObject({ state: stateSchema.optional() }) },
  responses: {
    200: jsonResponse('The notices.', z.object({ notices: z.array(noticeViewSchema) })),
    ...problemResponses('invalid-request', 'unexpected'),
  },
})

const read = createRoute({
  method: 'get',
  path: '/notices/{noticeId}',
  operationId: 'readNotice',
  summary: 'Read a notice and what it says',
  request: { params: noticePath },
  responses: {
    200: jsonResponse('The notice.', noticeViewSchema.extend({ content: contentSchema })),
    ...problemResponses('notice-not-found', 'unexpected'),
  },
})

export function addNoticeRoutes(app: OpenAPIHono, ports: ApiPorts): void {
  const { notices, contents } = ports

  app.openapi(create, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const creation = await createNotice(ports, c.req.valid('json'), principal.arn)
    if (creation.kind === 'refused') return answerProblem(c, creation)
    return c.json(viewNotice(creation.notice), 201, { location: `/notices/${creation.notice.noticeId}` })
  })

  app.openapi(list, async c => {
    const { state } = c.req.valid('query')
    return c.json({ notices: (await notices.list(state)).map(viewNotice) }, 200)
  })

  app.openapi(read, async c => {
    const { noticeId } = c.req.valid('param')
    const notice = await notices.read(noticeId)
    if (notice === undefined) return answerProblem(c, noticeNotFound(noticeId))
    return c.json({ ...viewNotice(notice), content: await contents.get(notice.contentDigest) }, 200)
  })
}
