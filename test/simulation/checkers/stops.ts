import type { ApiAnswerEntry, ApiCallEntry } from '../history.ts'
import type { Checker, Evidence } from './evidence.ts'
import { sesCalls } from './ses-calls.ts'

const STOP_WITHIN_MS = 1_000
/** A request of a function that failed may still be on its way so long after the operator was told. */
const UNDER_WAY_MS = 25_000

interface Stop {
  readonly noticeId: string
  readonly answeredAtMs: number
  /** From here on the notice may be sent again. */
  readonly untilMs: number
}

/** Promise 5: no call to SES starts later than a second after a stop was answered, until somebody wants it sent again. */
export const stops: Checker = {
  name: 'stops',
  check: evidence => {
    const calls = Map.groupBy(sesCalls(evidence.history), ({ noticeId }) => noticeId)
    return stopsOf(evidence).flatMap(({ noticeId, answeredAtMs, untilMs }) => {
      const late = calls
        .get(noticeId)
        ?.find(({ startedAtMs }) => startedAtMs > answeredAtMs + STOP_WITHIN_MS && startedAtMs < untilMs)
      if (late === undefined) return []
      const afterMs = Math.round(late.startedAtMs - answeredAtMs)
      return [
        {
          atMs: late.startedAtMs,
          what: `${late.entry.process} sent for ${noticeId} ${afterMs} ms after its stop was answered`,
        },
      ]
    })
  },
}

function stopsOf({ history, operated }: Evidence): readonly Stop[] {
  const answers = history.entries.filter(entry => entry.kind === 'api-answer')
  const noticeIds = operated.flatMap(({ noticeId }) => noticeId ?? [])
  return answers
    .filter(({ of, status }) => status === 200 && of.method === 'POST' && of.path.endsWith('/stop'))
    .flatMap(({ of, atMs }) => {
      const stopped = of.path === '/stop' ? noticeIds : noticeIds.filter(noticeId => of.path.includes(noticeId))
      return stopped.map(noticeId => ({
        noticeId,
        answeredAtMs: atMs,
        untilMs: sendableFromMs(answers, noticeId, of.atMs, history.entries),
      }))
    })
}

/** The first moment from a stop's beginning on at which a start, resume or retry is under way, and so may come after it. */
function sendableFromMs(
  answers: readonly ApiAnswerEntry[],
  noticeId: string,
  stopBegunAtMs: number,
  entries: Evidence['history']['entries'],
): number {
  const endedAtMs = new Map<ApiCallEntry, number>(
    answers.map(({ of, atMs, status }) => [of, status >= 500 ? atMs + UNDER_WAY_MS : atMs]),
  )
  let fromMs = Number.POSITIVE_INFINITY
  for (const entry of entries) {
    if (entry.kind !== 'api-call' || !/\/(start|resume|retry)$/.test(entry.path) || !entry.path.includes(noticeId))
      continue
    if ((endedAtMs.get(entry) ?? Number.POSITIVE_INFINITY) >= stopBegunAtMs)
      fromMs = Math.min(fromMs, Math.max(entry.atMs, stopBegunAtMs))
  }
  return fromMs
}
