import * as z from 'zod'
import { type Finding, leakRuleNames } from '../leak-guard/rules.ts'

/** What happens in a notice's life, as its audit trail names it. `leak`: a refusal that came when it was not being sent. */
export const historyActions = [
  'create',
  'upload',
  'approve',
  'start',
  'stop',
  'stop-all',
  'leak',
  'resume',
  'retry',
  'finish',
] as const
export type HistoryAction = (typeof historyActions)[number]

/** Why a message was refused, as the leak guard says it: no address, name or number is in it. */
export const findingSchema = z.strictObject({ rule: z.enum(leakRuleNames), field: z.string(), excerpt: z.string() })

/** What was done, when and by whom. Short, as the notice that holds it is written many times a second. */
export const historyEntrySchema = z.strictObject({
  action: z.enum(historyActions),
  atMs: z.number(),
  /** The principal; absent where OnlyTo did it by itself. */
  by: z.string().optional(),
  /** The run from then on. */
  run: z.number().int().nonnegative(),
  /** What SES said, or how an operator accounts for a refusal of the leak guard. */
  reason: z.string().optional(),
  /** What the leak guard had refused. */
  finding: findingSchema.optional(),
})
export type HistoryEntry = z.infer<typeof historyEntrySchema>

export const historySchema = z.strictObject({
  /** Oldest first. */
  entries: z.array(historyEntrySchema),
  /** How many are missing between the first ones and the newest. */
  leftOut: z.number().int().nonnegative(),
})
export type History = z.infer<typeof historySchema>

export const emptyHistory: History = { entries: [], leftOut: 0 }

/** Of a long history the beginning, with its approval, and what was last done are kept. */
const FIRST_KEPT = 10
const NEWEST_KEPT = 30
const REASON_LENGTH = 300

export function recorded({ entries, leftOut }: History, entry: HistoryEntry): History {
  const all = [...entries, terse(entry)]
  if (all.length <= FIRST_KEPT + NEWEST_KEPT) return { entries: all, leftOut }
  return { entries: all.toSpliced(FIRST_KEPT, 1), leftOut: leftOut + 1 }
}

function terse({ action, atMs, by, run, reason, finding }: HistoryEntry): HistoryEntry {
  return {
    ...{ action, atMs, run },
    ...(by !== undefined && { by }),
    ...(reason !== undefined && { reason: reason.slice(0, REASON_LENGTH) }),
    ...(finding !== undefined && { finding: findingOf(finding) }),
  }
}

/** The finding alone, of something that holds more. */
export function findingOf({ rule, field, excerpt }: Finding): Finding {
  return { rule, field, excerpt }
}
