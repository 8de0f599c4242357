import { addAcceptance } from '../ledger/acceptance-times.ts'
import type { BatchRow } from '../ledger/batch.ts'
import { addCounts, type BatchCounts, countsOfDelivery, subtractCounts } from '../ledger/counts.ts'
import type { Fact, Outcome } from '../ledger/delivery.ts'
import { foldDelivery } from '../ledger/fate.ts'
import type { BatchProgress, LedgerStore } from '../ledger/ledger-store.ts'
import type { Recipient } from '../recipient/recipient.ts'
import type { CallTime } from './call-times.ts'
import { OUTCOMES_PER_FLUSH } from './ports.ts'

export interface AcceptedMessage {
  readonly messageId: string
  readonly locale: string
  readonly beganAtMs: number
}

/** Collects the outcomes of one claim and writes them in small groups while the claim goes on. */
export interface OutcomeRecorder {
  record(recipient: Recipient, outcome: Outcome, atMs: number): void
  /**
   * Records that SES accepted the message to a recipient, in this locale. Its time is told as that of the call, for how long
   * SES takes to answer says nothing about the pace.
   */
  recordAcceptance(recipient: Recipient, accepted: AcceptedMessage, atMs: number): void
  /** Notes that a call begins; what it returns, that the call has its answer. */
  beginCall(atMs: number): (endedAtMs: number) => void
  countThrottle(): void
  /** Adds to the time in which the claim had messages to send and its sender no call under way. */
  countIdle(durationMs: number): void
  /** Outcomes in doubt of this claim: their settle delay has only begun. */
  inDoubt(): number
  /** Ends when everything recorded so far is in the table. */
  flush(): Promise<void>
  /** The counts are those of everything known at the claim and recorded since. */
  progress(nowMs: number): BatchProgress
  readonly calls: readonly CallTime[]
}

export function recordOutcomes(
  ledger: Pick<LedgerStore, 'putFacts'>,
  row: BatchRow,
  plan: { readonly known: ReadonlyMap<string, readonly Fact[]>; readonly counts: BatchCounts },
): OutcomeRecorder {
  const { noticeId, batch, attempt } = row
  let { counts } = plan
  let { acceptances, throttles, idleMs } = row
  let unwritten: Fact[] = []
  let inDoubt = 0
  const calls: CallTime[] = []
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

  function record({ key }: Recipient, outcome: Outcome, atMs: number): void {
    const fact: Fact = { fact: 'outcome', noticeId, batch, recipientKey: key, attempt, atMs, outcome }
    const before = plan.known.get(key) ?? []
    counts = subtractCounts(counts, countsOfDelivery(foldDelivery(before)))
    counts = addCounts(counts, countsOfDelivery(foldDelivery([...before, fact])))
    if (outcome.kind === 'inDoubt') inDoubt++
    unwritten.push(fact)
    if (unwritten.length >= OUTCOMES_PER_FLUSH) write()
  }

  return {
    record,
    recordAcceptance: (recipient, { messageId, locale, beganAtMs }, atMs) => {
      acceptances = addAcceptance(acceptances, locale, beganAtMs)
      record(recipient, { kind: 'accepted', messageId }, atMs)
    },
    beginCall: beganAtMs => {
      const call: CallTime = { beganAtMs }
      calls.push(call)
      return endedAtMs => {
        call.endedAtMs = endedAtMs
      }
    },
    countThrottle: () => {
      throttles++
    },
    countIdle: durationMs => {
      idleMs += Math.round(durationMs)
    },
    inDoubt: () => inDoubt,
    flush: async () => {
      write()
      await Promise.all(writing)
      if (failure !== undefined) throw failure.error
    },
    progress: nowMs => {
      const heldMs = row.heldMs + Math.max(0, Math.round(nowMs - row.aliveAtMs))
      return { ...counts, acceptances, throttles, idleMs, heldMs }
    },
    calls,
  }
}
