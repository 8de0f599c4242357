import * as z from 'zod'

/** What the `audience` function reads from its environment. */
export const audienceEnvironment = z.object({
  NOTICES_TABLE: z.string().min(1),
  AUDIENCE_BUCKET: z.string().min(1),
})
