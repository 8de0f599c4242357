import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { hasRefusedRows } from '../recipient/audience.ts'
import { randomId } from '../runtime/random.ts'
import { audienceViewSchema, viewAudience } from './audience-view.ts'
import type { ApiPorts } from './ports.ts'
import { principalOf } from './principal.ts'
import { answerProblem, problemResponses } from './problem-response.ts'
import { refusal } from './problems.ts'
import { changeConflict, noticeNotFound } from './refusals.ts'
import { emptyBody, jsonBody, jsonResponse, noticePath } from './route-parts.ts'
import { isoTime, timeSchema } from './times.ts'

const uploadSchema = z
  .object({
    audienceId: z.string(),
    upload: z.object({
      method: z.literal('PUT'),
      url: z.url(),
      headers: z.record(z.string(), z.string()).meta({ description: 'Send them as they are.' }),
      expiresAt: timeSchema,
    }),
  })
  .meta({
    id: 'AudienceUpload',
    description: 'Where to put the CSV or NDJSON file. The link takes one file, once.',
    examples: [
      {
        audienceId: 'a-3f8k2mq70c9d1vwx',
        upload: {
          method: 'PUT',
          url: 'https://bucket.s3.example/uploads/n-20261120-3f8k2mq7/a-3f8k2mq70c9d1vwx?X-Amz-Signature=…',
          headers: { 'if-none-match': '*' },
          expiresAt: '2026-11-20T13:00:00.000Z',
        },
      },
    ],
  })

const renew = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/audience',
  operationId: 'requestAudienceUpload',
  summary: 'Get an upload link for the audience',
  description: 'Replaces the audience, if there is one, and returns the notice to draft.',
  request: { params: noticePath, body: jsonBody(emptyBody) },
  responses: {
    201: jsonResponse('The link.', uploadSchema),
    ...problemResponses(
      'malformed-json',
      'no-principal',
      'notice-not-found',
      'state-conflict',
      'changed-meanwhile',
      'body-too-large',
      'unsupported-media-type',
      'invalid-request',
      'unexpected',
    ),
  },
})

const report = createRoute({
  method: 'get',
  path: '/notices/{noticeId}/audience',
  operationId: 'readAudience',
  summary: 'What became of the uploaded audience',
  request: { params: noticePath },
  responses: {
    200: jsonResponse('The audience report.', audienceViewSchema),
    ...problemResponses('notice-not-found', 'no-audience', 'unexpected'),
  },
})

export function addAudienceRoutes(app: OpenAPIHono, { notices, contents, links, random, clock }: ApiPorts): void {
  app.openapi(renew, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const { noticeId } = c.req.valid('param')
    const audienceId = `a-${randomId(random, 16)}`
    const change = await notices.expectAudience(noticeId, audienceId, principal.arn, clock.now())
    if (change.kind === 'missing') return answerProblem(c, noticeNotFound(noticeId))
    if (change.kind === 'conflict') return answerProblem(c, changeConflict(change.notice, 'change audience'))
    const { method, url, headers, expiresAtMs } = await links.upload(noticeId, audienceId)
    return c.json(
      { audienceId, upload: { method, url, headers: { ...headers }, expiresAt: isoTime(expiresAtMs) } },
      201,
    )
  })

  app.openapi(report, async c => {
    const { noticeId } = c.req.valid('param')
    const notice = await notices.read(noticeId)
    if (notice === undefined) return answerProblem(c, noticeNotFound(noticeId))
    const { audience, contentDigest } = notice
    if (audience === undefined) {
      const detail = `Notice ${noticeId} has no audience. POST to this path for an upload link.`
      return answerProblem(c, refusal('no-audience', detail))
    }
    const refusedRowsUrl = hasRefusedRows(audience) ? await links.refusedRows(audience.audienceId) : undefined
    return c.json(viewAudience(audience, await contents.get(contentDigest), refusedRowsUrl), 200)
  })
}
