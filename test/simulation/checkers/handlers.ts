import type { Checker } from './evidence.ts'

const STANDS_STILL = 'A notice makes no progress'

/** Nothing throws out of a handler, is logged as an error or answered with 5xx, but for a fault that was met. */
export const handlers: Checker = {
  name: 'handlers',
  check: ({ history, faultsEndedAtMs, unawaited, endedAtMs, scenario }) => [
    ...unawaited.map(error => ({ atMs: endedAtMs, what: `a rejection that nobody waits for: ${error}` })),
    ...history.entries.flatMap(entry => {
      const found = (what: string) => [{ atMs: entry.atMs, what: `${what}, and had met no fault` }]
      if (entry.kind === 'invocation-end' && entry.result.kind === 'threw' && entry.faultsMet === 0) {
        return found(`${entry.of.process} threw ${String(entry.result.error)}`)
      }
      // A day's quota that is too small makes a notice stand still, and is no fault of a process.
      const isWait = scenario.account.quota !== undefined && entry.kind === 'log' && entry.text.startsWith(STANDS_STILL)
      if (entry.kind === 'log' && entry.level === 'error' && entry.faultsMet === 0 && !isWait) {
        return found(`${entry.process} logged "${entry.text}"`)
      }
      if (entry.kind === 'api-answer' && entry.status >= 500 && entry.of.atMs > faultsEndedAtMs) {
        return found(`${entry.of.method} ${entry.of.path} was answered ${entry.text}`)
      }
      return []
    }),
  ],
}
