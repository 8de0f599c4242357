import type { Checker } from './evidence.ts'

/** Nothing throws out of a handler, or is logged as an error, but for a fault that it met; with no faults left, nothing does. */
export const handlers: Checker = {
  name: 'handlers',
  check: ({ history, faultsEndedAtMs, unawaited, endedAtMs }) => {
    const begunAtMs = new Map<string, number>()
    const nobodys = unawaited.map(error => ({ atMs: endedAtMs, what: `a rejection that nobody waits for: ${error}` }))
    const thrown = history.entries.flatMap(entry => {
      if (entry.kind === 'invocation') begunAtMs.set(`${entry.process} ${entry.invocation}`, entry.atMs)
      if (entry.kind === 'invocation-end' && entry.result.kind === 'threw' && entry.faultsMet === 0) {
        return [{ atMs: entry.atMs, what: `${entry.of.process} threw without a fault: ${String(entry.result.error)}` }]
      }
      if (entry.kind === 'log' && entry.level === 'error') {
        const begunMs = begunAtMs.get(`${entry.process} ${entry.invocation}`) ?? 0
        return begunMs > faultsEndedAtMs
          ? [{ atMs: entry.atMs, what: `${entry.process} logs an error without a fault: ${entry.text}` }]
          : []
      }
      if (entry.kind === 'api-answer' && entry.status >= 500 && entry.of.atMs > faultsEndedAtMs) {
        return [{ atMs: entry.atMs, what: `${entry.of.method} ${entry.of.path} failed without a fault: ${entry.text}` }]
      }
      return []
    })
    return [...nobodys, ...thrown]
  },
}
