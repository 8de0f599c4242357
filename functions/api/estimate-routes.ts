import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { estimateSchema, planSchema, viewEstimate } from './estimate-view.ts'
import { effectiveShare } from './pace.ts'
import type { ApiPorts } from './ports.ts'
import { answerProblem, problemResponses } from './problem-response.ts'
import { noRate, noticeNotFound, readyAudience } from './refusals.ts'
import { jsonResponse, noticePath } from './route-parts.ts'

/** As much of a share as a query can say: the stack's is the bound in any case. */
const shareText = z.coerce
  .number({ error: 'A share is a number above 0 and at most 1.' })
  .gt(0, 'A share is above 0.')
  .lte(1, 'A share is at most 1.')

const estimate = createRoute({
  method: 'get',
  path: '/notices/{noticeId}/estimate',
  operationId: 'readEstimate',
  summary: 'What it would cost to send the notice to its audience',
  description:
    'To the whole of it, at the rate that the account has now. Prices are those of one region and month: no bill.',
  request: {
    params: noticePath,
    query: z.strictObject({
      plan: planSchema.optional().meta({ description: 'A plan of SES, to see what it would cost under it.' }),
      share: shareText.optional().meta({ description: 'As in a start. Where absent: that of the notice.' }),
    }),
  },
  responses: {
    200: jsonResponse('The estimate.', estimateSchema),
    ...problemResponses('notice-not-found', 'audience-not-ready', 'sending-disabled', 'invalid-request', 'unexpected'),
  },
})

export function addEstimateRoutes(
  app: OpenAPIHono,
  { notices, account, stack, deliveryRetentionDays }: ApiPorts,
): void {
  app.openapi(estimate, async c => {
    const { noticeId } = c.req.valid('param')
    const { plan: askedPlan, share: asked } = c.req.valid('query')
    const notice = await notices.read(noticeId)
    if (notice === undefined) return answerProblem(c, noticeNotFound(noticeId))
    const ready = readyAudience(notice)
    if (ready.kind === 'refused') return answerProblem(c, ready)
    const quota = await account.readQuota()
    if (quota.maxSendRate <= 0) return answerProblem(c, noRate())
    const { recipients } = ready.audience
    const share = effectiveShare({ share: asked ?? notice.pace.share }, stack.rateShare)
    return c.json(viewEstimate({ noticeId, recipients, quota, share, askedPlan, deliveryRetentionDays }), 200)
  })
}
