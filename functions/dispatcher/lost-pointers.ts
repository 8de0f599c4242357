import type { BatchRow } from '../ledger/batch.ts'

/** The holder of a batch shows life at least every ten seconds. One that was silent for this long has lost its lease. */
export const SILENCE_MS = 15_000

/** A call of a sender ends by then at the latest, and gives back what it has not begun. */
const LONGEST_CALL_MS = 300_000
/** Some senders are slower than their fair share, and SQS hands pointers out in about their order. */
const ALLOWANCE = 2

/** What a pass knows of the pace at which pointers are used up. */
export interface QueuePace {
  readonly ratePerSecond: number
  /** Recipients of the pointers that senders may hold at once. */
  readonly recipientsInHand: number
}

/** How long a pointer may be in a living sender's hands before its batch is claimed. */
export function holdingTimeMs({ ratePerSecond, recipientsInHand }: QueuePace): number {
  const fairMs = sendingMs(recipientsInHand, ratePerSecond)
  return Math.min(LONGEST_CALL_MS, Math.max(SILENCE_MS, ALLOWANCE * fairMs))
}

/** How long a pointer behind so many recipients may wait: where calls end too early for their pointers, it goes round. */
export function queueingTimeMs(recipients: number, { ratePerSecond, recipientsInHand }: QueuePace): number {
  const turns = Math.max(1, sendingMs(recipientsInHand, ratePerSecond) / LONGEST_CALL_MS)
  return turns * sendingMs(recipients, ratePerSecond)
}

/** How long so many take when all slots are theirs. */
function sendingMs(recipients: number, ratePerSecond: number): number {
  return (recipients * 1000) / ratePerSecond
}

/**
 * Since when each batch, in the order of dispatch, has been overtaken: the earliest sign of life under this run of a batch
 * that was queued after it. Infinity while there is none.
 */
export function overtakenSinceMs(
  order: readonly number[],
  rows: ReadonlyMap<number, BatchRow>,
  run: number,
): ReadonlyMap<number, number> {
  const since = new Map<number, number>()
  let earliestMs = Number.POSITIVE_INFINITY
  for (const batch of order.toReversed()) {
    since.set(batch, earliestMs)
    const row = rows.get(batch)
    if (row?.run === run) earliestMs = Math.min(earliestMs, row.aliveAtMs)
  }
  return since
}

/** A wait for a pointer, as it is now and as it was when the dispatcher last looked. */
export interface Wait {
  readonly waitedMs: number
  readonly patienceMs: number
  readonly lookBackMs: number
  /** The patience as it was then, if it shrinks with the backlog. */
  readonly patienceThenMs?: number
}

/**
 * Whether patience ran out since the dispatcher last looked, or ran out again: after each doubling of the wait. Nothing is
 * remembered from pass to pass, and a pointer that waits for long is joined by few others.
 */
export function outOfPatience({ waitedMs, patienceMs, lookBackMs, patienceThenMs = patienceMs }: Wait): boolean {
  return doublings(waitedMs, patienceMs) > doublings(waitedMs - lookBackMs, patienceThenMs)
}

function doublings(waitedMs: number, patienceMs: number): number {
  return waitedMs < patienceMs ? -1 : Math.floor(Math.log2(waitedMs / patienceMs))
}
