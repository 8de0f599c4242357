import * as z from 'zod'

/** Parts that routes are described with. */
export const noticePath = z.object({
  noticeId: z.string().meta({ examples: ['n-20261120-3f8k2mq7'] }),
})

/** The body of an action that needs no more than its path. */
export const emptyBody = z.strictObject({}).meta({ id: 'Nothing' })

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { content: { 'application/json': { schema } } }
}

export function jsonResponse<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } }
}
