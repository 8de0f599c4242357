import type { BatchQueue } from '../batch-queue/batch-queue.ts'
import { completeNotice } from '../ledger/complete-notice.ts'
import type { LedgerStore } from '../ledger/ledger-store.ts'
import type { NoticeStore } from '../notice/notice-store.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { Metrics } from '../runtime/metrics.ts'
import { diagnoseStall } from './diagnose-stall.ts'
import type { Pace } from './grant-rate.ts'
import { queueingTimeMs, SILENCE_MS } from './lost-pointers.ts'
import { type DispatchCause, lastLifeMs, planDispatch } from './plan-dispatch.ts'
import type { Reading } from './read-notice.ts'
import { observeProgress, sumFates } from './watch-progress.ts'

export interface ReconcilePorts {
  readonly notices: NoticeStore
  readonly ledger: Pick<LedgerStore, 'readBatches'>
  readonly queue: BatchQueue
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Pointers that senders may hold at once. */
  readonly pointersInHand: number
}

/** What a notice is looked at under. */
export interface Circumstances {
  readonly cause: DispatchCause
  readonly pace: Pace
  readonly nowMs: number
  /** The time since this notice was last reconciled, as far as is known. */
  readonly lookBackMs: number
  /** The other notices that are being sent. */
  readonly others: readonly Reading[]
}

/** Makes the queue hold what is not done of one notice, its counts exact, its end known, and its standing still heard. */
export async function reconcileNotice(ports: ReconcilePorts, reading: Reading, seen: Circumstances): Promise<void> {
  const { notice, sum } = reading
  await ports.notices.refreshTally(notice, sum.tally, sum.batchesDone)
  await completeNotice(ports, { ...notice, batchesDone: sum.batchesDone })
  if (sum.batchesDone >= reading.batches) return
  const cause = undispatched(reading, seen.nowMs) ? 'run-began' : seen.cause
  await queueBatches(ports, reading, { ...seen, cause })
  // Only now: the first record of a run says that the run has been dispatched.
  if (cause === 'run-began' || hasBegun(reading)) await recordProgress(ports, reading, seen)
}

async function queueBatches(ports: ReconcilePorts, reading: Reading, seen: Circumstances): Promise<void> {
  const { queue, log, metrics, pointersInHand } = ports
  const { notice, batches, rows } = reading
  const { cause, nowMs, lookBackMs } = seen
  const { ratePerSecond } = seen.pace
  // Without a rate senders would only fail; they are called once there is one.
  if (ratePerSecond === undefined) return
  const pace = { ratePerSecond, pointersInHand }
  const othersBacklogMs = queueingTimeMs(countLivingUndone(seen.others, nowMs), pace)
  const moment = { ...pace, cause, nowMs, lookBackMs, othersBacklogMs }
  const planned = planDispatch(notice, batches, rows, moment)
  if (planned.length === 0) return
  for (const [delaySeconds, delayed] of Map.groupBy(planned, ({ delayMs }) => Math.ceil(delayMs / 1000))) {
    const pointers = delayed.map(({ batch }) => ({ noticeId: notice.noticeId, run: notice.run, batch }))
    await queue.send(pointers, delaySeconds)
  }
  metrics.count('BatchesDispatched', planned.length)
  log.info('Queued batches', { noticeId: notice.noticeId, run: notice.run, batches: planned.length, cause })
}

/** Nobody has dispatched this run, nor does anything of it move: the call that should have done so was lost, or died. */
function undispatched({ notice, rows }: Reading, nowMs: number): boolean {
  return notice.lastProgress?.run !== notice.run && nowMs - lastLifeMs(notice, rows) >= SILENCE_MS
}

function hasBegun({ notice, rows }: Reading): boolean {
  return notice.lastProgress?.run === notice.run || rows.values().some(({ run }) => run === notice.run)
}

async function recordProgress(ports: ReconcilePorts, reading: Reading, seen: Circumstances): Promise<void> {
  const { notices, log, metrics } = ports
  const { notice, rows } = reading
  const { pace, others, nowMs } = seen
  const othersLive = others.some(other => lives(other, nowMs))
  const diagnose = () => diagnoseStall({ ...reading, ...pace, othersLive, nowMs })
  const progress = observeProgress(notice, sumFates(rows.values(), notice), nowMs, diagnose)
  const { stalledBy: reason } = progress
  if (reason !== undefined) metrics.count('NoProgress', 1, { reason })
  if (reason !== undefined && reason !== notice.lastProgress?.stalledBy) {
    const { noticeId, run } = notice
    log.error('A notice makes no progress', { noticeId, run, reason, sinceMs: progress.atMs })
  }
  if (progress !== notice.lastProgress) await notices.recordProgress(notice.noticeId, progress)
}

function lives({ notice, rows }: Reading, nowMs: number): boolean {
  return nowMs - lastLifeMs(notice, rows) < SILENCE_MS
}

/** Batches of notices that senders are at: they may lie before another's in the queue. */
function countLivingUndone(readings: readonly Reading[], nowMs: number): number {
  const living = readings.filter(reading => lives(reading, nowMs))
  return living.reduce((count, { batches, sum }) => count + batches - sum.batchesDone, 0)
}
