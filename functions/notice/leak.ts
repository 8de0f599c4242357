import * as z from 'zod'
import { findingSchema } from './history.ts'

/** A message that the leak guard refused: nothing of its notice goes out until a human has said why that is safe. */
export const leakSchema = findingSchema.extend({
  /** Whose message it was. */
  batch: z.number().int().nonnegative(),
  recipientKey: z.string(),
  /** Under which run it was made. */
  run: z.number().int().nonnegative(),
})
export type Leak = z.infer<typeof leakSchema>

/** The first refusal that nobody has accounted for yet. */
export const openLeakSchema = leakSchema.extend({ atMs: z.number() })
export type OpenLeak = z.infer<typeof openLeakSchema>

/** How an operator accounts for a refusal, in words of their own. */
export interface LeakWord {
  /** The refusal that was seen, so that the word is never taken for one that came later. */
  readonly leak: OpenLeak | undefined
  readonly cause: string
}

export function sameLeak(a: OpenLeak | undefined, b: OpenLeak | undefined): boolean {
  return a?.run === b?.run && a?.batch === b?.batch && a?.recipientKey === b?.recipientKey && a?.atMs === b?.atMs
}
