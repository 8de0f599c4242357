import * as z from 'zod'
import { lanesText } from '../pacer/lanes.ts'

/** What the `audience` function reads from its environment. */
export const audienceEnvironment = z.object({
  NOTICES_TABLE: z.string().min(1),
  AUDIENCE_BUCKET: z.string().min(1),
  /** In KMS: the key of audiences that are indexed from now on. Each audience remembers its own. */
  AUDIENCE_KEY_ID: z.string().min(1),
  LANES: lanesText,
  /** Read by Node itself: bounds what V8 lets pile up between collections, and so the memory of a long stream. */
  NODE_OPTIONS: z.string().includes('--max-semi-space-size'),
})
