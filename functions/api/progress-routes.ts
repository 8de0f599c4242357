import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import { collectAcceptances } from '../ledger/acceptance-times.ts'
import { addBatch, addStop, emptyStopSum, emptySum } from '../ledger/batch.ts'
import { sumBatches } from '../ledger/complete-notice.ts'
import { settled } from '../ledger/counts.ts'
import { lastStopOf, type Notice } from '../notice/notice.ts'
import type { ApiPorts } from './ports.ts'
import { answerProblem, problemResponses } from './problem-response.ts'
import { noticeNotFound } from './refusals.ts'
import { reportSchema, viewReport } from './report-view.ts'
import { jsonResponse, noticePath } from './route-parts.ts'
import { statusSchema, viewStatus } from './status-view.ts'

const status = createRoute({
  method: 'get',
  path: '/notices/{noticeId}/status',
  operationId: 'readStatus',
  summary: 'Where a notice stands, at a glance',
  description:
    'Cheap enough to be asked every second. While the notice is being sent its counts may be seconds old; the report is exact.',
  request: { params: noticePath },
  responses: { 200: jsonResponse('The status.', statusSchema), ...problemResponses('notice-not-found', 'unexpected') },
})

const report = createRoute({
  method: 'get',
  path: '/notices/{noticeId}/report',
  operationId: 'readReport',
  summary: 'What became of a notice, exactly',
  request: { params: noticePath },
  responses: { 200: jsonResponse('The report.', reportSchema), ...problemResponses('notice-not-found', 'unexpected') },
})

export function addProgressRoutes(app: OpenAPIHono, { notices, ledger, rates, clock }: ApiPorts): void {
  app.openapi(status, async c => {
    const { noticeId } = c.req.valid('param')
    const [notice, granted] = await Promise.all([notices.read(noticeId), rates.read()])
    if (notice === undefined) return answerProblem(c, noticeNotFound(noticeId))
    const counted = needsSum(notice) ? { ...notice, ...(await sumBatches(ledger, notice)) } : notice
    return c.json(viewStatus(counted, granted, clock.now()), 200)
  })

  app.openapi(report, async c => {
    const { noticeId } = c.req.valid('param')
    const [notice, granted] = await Promise.all([notices.read(noticeId), rates.read()])
    if (notice === undefined) return answerProblem(c, noticeNotFound(noticeId))
    const stop = lastStopOf(notice)
    let sum = emptySum
    let stopSum = emptyStopSum
    const acceptances = collectAcceptances()
    for await (const row of ledger.readBatches(noticeId)) {
      sum = addBatch(sum, row, notice)
      acceptances.addTimes(row)
      if (stop !== undefined) stopSum = addStop(stopSum, row, stop.run)
    }
    const parts = { sum, acceptances, rates: granted, stop: stop && { ...stop, ...stopSum } }
    return c.json(viewReport(notice, parts), 200)
  })
}

/**
 * While a notice is being sent its cached counts are replaced by exact ones every few seconds, and only what is plainly wrong
 * need be summed here: an addition that was repeated because its answer was lost. Afterwards nobody asks every second.
 */
function needsSum({ state, audience, tally }: Notice): boolean {
  if (audience?.state !== 'ready') return false
  if (state !== 'sending') return state === 'stopped' || state === 'finished'
  return settled(tally) > audience.recipients || Object.values(tally).some(count => count < 0)
}
