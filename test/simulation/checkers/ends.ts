import type { Checker } from './evidence.ts'
import { noticesIn } from './ledger-view.ts'

/** Once faults have ended, every notice that is being sent finishes in bounded time, with no other hand than a resume. */
export const ends: Checker = {
  name: 'ends',
  check: evidence =>
    evidence.operated
      .filter(({ finished }) => !finished)
      .map(({ noticeId }) => {
        const found = noticeId === undefined ? undefined : noticesIn(evidence).get(noticeId)
        const where =
          found === undefined
            ? 'was not created'
            : `is ${found.notice.state} with ${found.notice.batchesDone} batches done`
        const minutes = Math.round((evidence.finishedAtMs - evidence.faultsEndedAtMs) / 60_000)
        return { atMs: evidence.finishedAtMs, what: `${noticeId} ${where}, ${minutes} min after the last fault` }
      }),
}
