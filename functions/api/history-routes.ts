import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { type HistoryEntry, historyEntrySchema, historySchema } from '../notice/history.ts'
import { historyExample } from './examples.ts'
import type { ApiPorts } from './ports.ts'
import { answerProblem, problemResponses } from './problem-response.ts'
import { noticeNotFound } from './refusals.ts'
import { jsonResponse, noticePath } from './route-parts.ts'
import { isoTime, timeSchema } from './times.ts'

const entryViewSchema = historyEntrySchema.omit({ atMs: true }).extend({
  at: timeSchema,
  by: z.string().optional().meta({ description: 'The IAM principal; absent where OnlyTo did it by itself.' }),
})

export const historyViewSchema = z
  .object({
    entries: z.array(entryViewSchema).meta({ description: 'Oldest first.' }),
    leftOut: historySchema.shape.leftOut.meta({ description: 'Entries missing between the first and the newest.' }),
  })
  .meta({ id: 'History', examples: [historyExample] })

const history = createRoute({
  method: 'get',
  path: '/notices/{noticeId}/history',
  operationId: 'readHistory',
  summary: 'Who did what with a notice, and what OnlyTo did by itself',
  description: 'Each entry was written together with what it tells of. No address is in it.',
  request: { params: noticePath },
  responses: {
    200: jsonResponse('The history.', historyViewSchema),
    ...problemResponses('notice-not-found', 'unexpected'),
  },
})

export function addHistoryRoutes(app: OpenAPIHono, { notices }: ApiPorts): void {
  app.openapi(history, async c => {
    const { noticeId } = c.req.valid('param')
    const notice = await notices.read(noticeId)
    if (notice === undefined) return answerProblem(c, noticeNotFound(noticeId))
    const { entries, leftOut } = notice.history
    return c.json({ entries: entries.map(viewEntry), leftOut }, 200)
  })
}

function viewEntry({ atMs, ...entry }: HistoryEntry): z.infer<typeof entryViewSchema> {
  return { at: isoTime(atMs), ...entry }
}
