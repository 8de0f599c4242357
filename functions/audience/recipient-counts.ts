import type { ReadyAudience } from '../recipient/audience.ts'
import { LOCALES_MAX } from './file-problem.ts'

type Presence = ReadyAudience['variables'][string]

/** Counts recipients by locale, and by variable: which have it, and where the first is that has not. */
export function createRecipientCounts() {
  const locales = new Map<string, number>()
  const variables = new Map<string, Presence>()
  let recipients = 0
  let firstLine = 0

  /** Line `line` lacks some of the variables that are known by now. */
  function noteMissing(names: readonly string[], line: number): void {
    for (const [name, presence] of variables) {
      if (presence.firstMissingLine === undefined && !names.includes(name)) presence.firstMissingLine = line
    }
  }

  return {
    /** False when there are more locales than an audience has. */
    add(locale: string | undefined, names: readonly string[], line: number): boolean {
      recipients++
      if (recipients === 1) firstLine = line
      locales.set(locale ?? '', (locales.get(locale ?? '') ?? 0) + 1)
      for (const name of names) {
        const presence = variables.get(name)
        if (presence !== undefined) presence.present++
        else variables.set(name, { present: 1, ...(recipients > 1 && { firstMissingLine: firstLine }) })
      }
      if (names.length < variables.size) noteMissing(names, line)
      return locales.size <= LOCALES_MAX
    },
    recipients: () => recipients,
    locales: () => Object.fromEntries(locales),
    variables: () => Object.fromEntries(variables),
  }
}
