import type { LogEntry } from '../history.ts'
import type { Scenario } from '../scenario.ts'
import type { Checker } from './evidence.ts'

/**
 * Nothing throws out of a handler, is logged as an error or answered with 5xx, but for a fault that was met. That a notice waits
 * for a day's quota that is too small is no fault of a process; that it stands still for any other reason is one.
 */
export const handlers: Checker = {
  name: 'handlers',
  check: ({ history, faultsEndedAtMs, unawaited, endedAtMs, scenario }) => [
    ...unawaited.map(error => ({ atMs: endedAtMs, what: `a rejection that nobody waits for: ${error}` })),
    ...history.entries.flatMap(entry => {
      const found = (what: string) => [{ atMs: entry.atMs, what: `${what}, and had met no fault` }]
      if (entry.kind === 'invocation-end' && entry.result.kind === 'threw' && entry.faultsMet === 0) {
        return found(`${entry.of.process} threw ${String(entry.result.error)}`)
      }
      if (entry.kind === 'log' && entry.level === 'error' && entry.faultsMet === 0 && !tellsOfQuota(entry, scenario)) {
        return found(`${entry.process} logged "${entry.text}"`)
      }
      if (entry.kind === 'api-answer' && entry.status >= 500 && entry.of.atMs > faultsEndedAtMs) {
        return found(`${entry.of.method} ${entry.of.path} was answered ${entry.text}`)
      }
      return []
    }),
  ],
}

function tellsOfQuota({ text }: LogEntry, { account }: Scenario): boolean {
  return (
    account.quota !== undefined && text.startsWith('A notice makes no progress') && text.includes('"quota-used-up"')
  )
}
