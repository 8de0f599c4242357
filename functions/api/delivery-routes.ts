import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { deliveryFilterShape } from './delivery-filter.ts'
import { deliveriesPageSchema, lookUpSchema } from './delivery-view.ts'
import { recipientsLinkExample } from './examples.ts'
import { listDeliveries } from './list-deliveries.ts'
import { lookUp, lookUpRequestSchema } from './look-up.ts'
import { placeSchema } from './place.ts'
import type { ApiPorts } from './ports.ts'
import { principalOf } from './principal.ts'
import { answerProblem, problemResponses } from './problem-response.ts'
import { audienceExpired, noticeNotFound, readyAudience } from './refusals.ts'
import { emptyBody, jsonBody, jsonResponse, noticePath } from './route-parts.ts'
import { isoTime, timeSchema } from './times.ts'

const commonProblems = [
  'notice-not-found',
  'audience-not-ready',
  'audience-expired',
  'invalid-request',
  'unexpected',
] as const
const disclosureProblems = [
  ...commonProblems,
  'malformed-json',
  'no-principal',
  'body-too-large',
  'unsupported-media-type',
] as const

const list = createRoute({
  method: 'get',
  path: '/notices/{noticeId}/deliveries',
  operationId: 'listDeliveries',
  summary: 'What became of each recipient, by recipient key',
  description:
    'In the order of the batches, page by page. Without a filter it is everybody. Addresses are not in the answer: the keys ' +
    'stand beside them in the recipients object.',
  request: {
    params: noticePath,
    query: z.strictObject({
      ...deliveryFilterShape,
      from: placeSchema.optional().meta({ description: '`next` of the page before.' }),
    }),
  },
  responses: {
    200: jsonResponse('A page of deliveries.', deliveriesPageSchema),
    ...problemResponses(...commonProblems),
  },
})

export const recipientsLinkSchema = z
  .object({
    recipientsUrl: z.url().meta({ description: 'NDJSON, a recipient a line: address, key, locale, variables.' }),
    batchesUrl: z
      .url()
      .meta({ description: 'A line a batch: offset, length, recipients and SHA-256 of its bytes there.' }),
    audienceDigest: z.string().meta({ description: 'SHA-256 of what batchesUrl holds.' }),
    expiresAt: timeSchema,
  })
  .meta({ id: 'RecipientsLink', examples: [recipientsLinkExample] })

const link = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/recipients-link',
  operationId: 'requestRecipientsLink',
  summary: 'Get links to the addresses of the audience',
  description:
    'For 15 minutes, and without further proof of identity. A route of its own, so that IAM can withhold it.',
  request: { params: noticePath, body: jsonBody(emptyBody) },
  responses: { 200: jsonResponse('The links.', recipientsLinkSchema), ...problemResponses(...disclosureProblems) },
})

const look = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/look-up',
  operationId: 'lookUp',
  summary: 'What became of one address',
  description: 'The address stands in the body, so that no log of requests has it, and is not repeated in the answer.',
  request: { params: noticePath, body: { ...jsonBody(lookUpRequestSchema), required: true } },
  responses: { 200: jsonResponse('What is known of it.', lookUpSchema), ...problemResponses(...disclosureProblems) },
})

/** Who got it, who did not, and why. Only links lead to addresses, and who asked for one is in the log. */
export function addDeliveryRoutes(app: OpenAPIHono, ports: ApiPorts): void {
  const { notices, audienceObjects, links, log } = ports

  async function readAudience(noticeId: string) {
    const notice = await notices.read(noticeId)
    return notice === undefined ? noticeNotFound(noticeId) : readyAudience(notice)
  }

  app.openapi(list, async c => {
    const { noticeId } = c.req.valid('param')
    const { from = 0, ...filter } = c.req.valid('query')
    const ready = await readAudience(noticeId)
    if (ready.kind === 'refused') return answerProblem(c, ready)
    const page = await listDeliveries(ports, { noticeId, audience: ready.audience, filter }, from)
    if (page.kind === 'refused') return answerProblem(c, page)
    const { deliveries, next } = page
    return c.json({ deliveries: [...deliveries], ...(next !== undefined && { next: String(next) }) }, 200)
  })

  app.openapi(link, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const { noticeId } = c.req.valid('param')
    const ready = await readAudience(noticeId)
    if (ready.kind === 'refused') return answerProblem(c, ready)
    const { audienceId, digest } = ready.audience
    if (!(await audienceObjects.isKept(audienceId))) return answerProblem(c, audienceExpired(noticeId))
    const { recipientsUrl, batchesUrl, expiresAtMs } = await links.recipients(audienceId)
    log.info('Links to the recipients were given', { noticeId, by: principal.arn })
    return c.json({ recipientsUrl, batchesUrl, audienceDigest: digest, expiresAt: isoTime(expiresAtMs) }, 200)
  })

  app.openapi(look, async c => {
    const principal = principalOf(c.env)
    if (principal.kind === 'refused') return answerProblem(c, principal)
    const { noticeId } = c.req.valid('param')
    const ready = await readAudience(noticeId)
    if (ready.kind === 'refused') return answerProblem(c, ready)
    const result = await lookUp(ports, { noticeId, audience: ready.audience }, c.req.valid('json'))
    log.info('An address was looked up', { noticeId, by: principal.arn })
    return result.kind === 'refused' ? answerProblem(c, result) : c.json(result.answer, 200)
  })
}
