import type { LeakAnswer, RejectionAnswer } from './api-answers.ts'
import { count, counted, instant } from './figures.ts'
import { entry } from './notice-text.ts'

/** Where a cause belongs that nobody has written yet: too short to be taken for one. */
export const CAUSE = '"CAUSE"'

/** A refusal that is open, as one must read it before anything goes on. */
export function writeLeak({ at, rule, means, field, excerpt }: LeakAnswer): string {
  return entry(
    'Leak guard',
    `refused a message ${instant(at)}: nothing of it left, and the notice stands still until somebody says why that is safe.`,
    `Rule ${rule}: ${means}`,
    `In ${field}${excerpt === '' ? '' : `, at  ${excerpt}`}`,
  )
}

/** What the leak guard refused in all; nothing where there is nothing. */
export function writeRejections(rejections: readonly RejectionAnswer[]): string[] {
  if (rejections.length === 0) return []
  const width = Math.max(...rejections.map(({ recipients }) => count(recipients).length))
  const lines = rejections.map(
    ({ rule, means, field, recipients }) => `${count(recipients).padStart(width)}  ${rule} in ${field}: ${means}`,
  )
  return [entry('Refused', `${messages(rejections)}, none of which left:`, ...lines)]
}

export function messages(rejections: readonly RejectionAnswer[]): string {
  return counted(
    rejections.reduce((sum, { recipients }) => sum + recipients, 0),
    'message',
  )
}
