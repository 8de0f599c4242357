import { type BatchRow, greatest, least } from '../ledger/batch.ts'
import type { Fact, Outcome } from '../ledger/delivery.ts'
import { countFate, fateOf } from '../ledger/fate.ts'
import type { BatchProgress, LedgerStore } from '../ledger/ledger-store.ts'
import type { Tally } from '../notice/notice.ts'
import type { Recipient } from '../recipient/recipient.ts'
import { OUTCOMES_PER_FLUSH } from './ports.ts'

/** Collects the outcomes of one claim and writes them in small groups while the claim goes on. */
export interface OutcomeRecorder {
  record(recipient: Recipient, outcome: Outcome, atMs: number): void
  countThrottle(): void
  /** Outcomes in doubt of this claim: their settle delay has only begun. */
  inDoubt(): number
  /** Ends when everything recorded so far is in the table. */
  flush(): Promise<void>
  progress(): BatchProgress
}

export function recordOutcomes(
  ledger: LedgerStore,
  { noticeId, batch, attempt, before }: { noticeId: string; batch: number; attempt: number; before: BatchProgress },
): OutcomeRecorder {
  let { tally, firstAcceptedAtMs, lastAcceptedAtMs, throttles }: BatchProgress = before
  let unwritten: Fact[] = []
  let inDoubt = 0
  const writing = new Set<Promise<void>>()
  let failure: { readonly error: unknown } | undefined

  function write(): void {
    if (unwritten.length === 0) return
    const facts = unwritten
    unwritten = []
    const put = ledger
      .putFacts(facts)
      .catch((error: unknown) => {
        failure = { error }
      })
      .finally(() => writing.delete(put))
    writing.add(put)
  }

  return {
    record: ({ key }, outcome, atMs) => {
      const fact: Fact = { fact: 'outcome', noticeId, batch, recipientKey: key, atMs, attempt, outcome }
      tally = countFate(tally, fateOf([fact]))
      if (outcome.kind === 'inDoubt') inDoubt++
      if (outcome.kind === 'accepted') {
        firstAcceptedAtMs = least(firstAcceptedAtMs, atMs)
        lastAcceptedAtMs = greatest(lastAcceptedAtMs, atMs)
      }
      unwritten.push(fact)
      if (unwritten.length >= OUTCOMES_PER_FLUSH) write()
    },
    countThrottle: () => {
      throttles++
    },
    inDoubt: () => inDoubt,
    flush: async () => {
      write()
      await Promise.all(writing)
      if (failure !== undefined) throw failure.error
    },
    progress: () => ({ tally, firstAcceptedAtMs, lastAcceptedAtMs, throttles }),
  }
}

/** The progress of a batch before a claim sends anything: what earlier claims have settled. */
export function progressBefore(settled: Tally, earlier: BatchRow): BatchProgress {
  const { firstAcceptedAtMs, lastAcceptedAtMs, throttles } = earlier
  return { tally: settled, firstAcceptedAtMs, lastAcceptedAtMs, throttles }
}
