import { isDone } from '../ledger/batch.ts'
import { BATCH_SIZE } from '../recipient/recipient.ts'
import { MAIN_LANE, recipientsLeft, type Work, type Workload } from './workload.ts'

/** Work that is kept in the queue and in senders' hands: three rounds of the dispatcher, so that one may fail … */
const AHEAD_SECONDS = 15
/** … and more where its rounds take longer, as there are more rows to read. */
const BATCHES_PER_SECOND_AHEAD = 2_500
/** Never fewer batches than this, so that one is ready when another ends. */
const LEAST_BATCHES = 2
/** Where batches last longer than a second, senders would only wait with them: each comes so much before its turn. */
const EARLY_SECONDS = 3

/** A pointer to queue, and how long the queue is to hold it back. */
export interface DispatchedBatch {
  readonly batch: number
  readonly lane: string
  readonly delayMs: number
}

/** What a notice may be fed with. */
export interface Ration {
  /** Recipients a second, by lane. */
  readonly rates: ReadonlyMap<string, number>
  /** Recipients a second that it may never exceed over time, from its own share; infinite where that is all of the rate. */
  readonly ceilingPerSecond: number
  /** Recipients that the daily quota has room for beyond what all notices have in flight; and in a whole day. */
  readonly room: number
  readonly wholeRoom: number
  /** Until when the ceiling is used up by what was fed before. */
  readonly paidUntilMs: number | undefined
  readonly nowMs: number
}

export interface FeedPlan {
  readonly batches: readonly DispatchedBatch[]
  readonly queued: Readonly<Record<string, number>>
  /** Recipients in those batches. */
  readonly recipients: number
  /** The daily quota has no room for what would be next. */
  readonly quotaIsFull: boolean
  readonly paidUntilMs: number
}

/**
 * What the queue is to get next, so that it is never empty and never long: a notice that comes later has its part within
 * seconds, and a stop of feeding is felt soon.
 */
export function planFeed(work: Work, workload: Workload, ration: Ration): FeedPlan {
  const { notice, slices, rows } = work
  const { ceilingPerSecond, nowMs } = ration
  const aheadSeconds = AHEAD_SECONDS + slices.length / BATCHES_PER_SECOND_AHEAD
  // What was not used in time is not saved up.
  let paidUntilMs = Math.max(nowMs, ration.paidUntilMs ?? nowMs)
  const batches: DispatchedBatch[] = []
  const queued: Record<string, number> = {}
  let recipients = 0
  let quotaIsFull = false
  for (const [lane, { order, queued: before, inFlight, batchesInFlight, waiting }] of workload) {
    const rate = ration.rates.get(lane) ?? 0
    const target = rate * aheadSeconds
    let next = before
    let [flying, inQueue, batchesFlying] = [inFlight, waiting, batchesInFlight]
    while (next < order.length && rate > 0) {
      const batch = order[next] ?? 0
      const row = rows.get(batch)
      if (row !== undefined && isDone(row, notice)) {
        next++
        continue
      }
      const size = recipientsLeft(slices[batch], row, notice)
      if (flying >= target && batchesFlying >= LEAST_BATCHES) break
      const costMs = (size * 1000) / ceilingPerSecond
      // One batch more where it would be the next of few: at a low rate it lasts longer than what is fed ahead.
      const longestMs = aheadSeconds * 1000 + (batchesFlying < LEAST_BATCHES ? costMs : 0)
      const owing = paidUntilMs > nowMs || inFlight > 0
      if (paidUntilMs + costMs - nowMs > longestMs && owing) break
      if (!fits(recipients + size, ration)) {
        quotaIsFull = true
        break
      }
      const heldBackMs = Math.max(0, (row?.claimableAtMs ?? 0) - nowMs)
      batches.push({ batch, lane, delayMs: Math.max(heldBackMs, turnMs(inQueue, rate, lane)) })
      next++
      paidUntilMs += costMs
      batchesFlying++
      flying += size
      inQueue += size
      recipients += size
    }
    queued[lane] = next
  }
  return { batches, queued, recipients, quotaIsFull, paidUntilMs }
}

/** A batch larger than a whole day's room is sent when the day is fresh: it would wait for ever. */
function fits(recipients: number, { room, wholeRoom }: Ration): boolean {
  if (recipients <= room) return true
  return wholeRoom > 0 && room >= wholeRoom && recipients > wholeRoom && recipients <= BATCH_SIZE
}

/** When the senders will have come to a batch that has so many recipients before it, less a little. */
function turnMs(before: number, rate: number, lane: string): number {
  const slow = lane !== MAIN_LANE || rate <= BATCH_SIZE
  return slow ? Math.max(0, Math.floor(before / rate - EARLY_SECONDS) * 1000) : 0
}
