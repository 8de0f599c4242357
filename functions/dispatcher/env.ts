import * as z from 'zod'
import { lanesText } from '../pacer/lanes.ts'

/** What the `dispatcher` function reads from its environment. */
export const dispatcherEnvironment = z.object({
  NOTICES_TABLE: z.string().min(1),
  AUDIENCE_BUCKET: z.string().min(1),
  BATCH_QUEUE_URL: z.url(),
  /** The same where there are no lanes. */
  LANE_QUEUE_URL: z.url(),
  RATE_SHARE: z.coerce.number().gt(0).lte(1),
  LANES: lanesText,
  /** Pointers that all senders together may hold at once. */
  POINTERS_IN_HAND: z.coerce.number().int().positive(),
})
