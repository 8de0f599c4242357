import type { BatchRow } from '../ledger/batch.ts'
import type { Fact } from '../ledger/delivery.ts'
import { countFate, factsByRecipient, fateOf } from '../ledger/fate.ts'
import { endedInDoubt } from '../ledger/lease.ts'
import { emptyTally, type Notice, type Tally } from '../notice/notice.ts'
import type { Recipient } from '../recipient/recipient.ts'
import { ATTEMPT_LIMIT } from './ports.ts'

/** What one claim of a batch has to do. */
export interface BatchPlan {
  /** Recipients whose fate is known: nothing is sent to them again. */
  readonly settled: Tally
  readonly toSend: readonly Recipient[]
  /** Recipients of unknown fate that are left so, and must be recorded as in doubt. */
  readonly toLeave: readonly Recipient[]
}

/**
 * Decides for each recipient of a claimed batch. The claim itself has waited for the previous lease and the settle delay, so
 * what SES accepted has its SEND event among the facts; whoever is unknown still follows the notice's policy.
 */
export function planBatch(
  recipients: readonly Recipient[],
  facts: readonly Fact[],
  previous: BatchRow | undefined,
  policy: Notice['inDoubtPolicy'],
): BatchPlan {
  const known = factsByRecipient(facts)
  const resends = policy === 'resend'
  const mayRetry = resends && (previous?.attempt ?? 0) < ATTEMPT_LIMIT
  const vanished = endedInDoubt(previous)
  let settled = emptyTally
  const toSend: Recipient[] = []
  const toLeave: Recipient[] = []
  for (const recipient of recipients) {
    const fate = fateOf(known.get(recipient.key) ?? [])
    if (fate.kind === 'pending') (vanished && !resends ? toLeave : toSend).push(recipient)
    else if (fate.kind === 'inDoubt' && mayRetry) toSend.push(recipient)
    else settled = countFate(settled, fate)
  }
  return { settled, toSend, toLeave }
}
