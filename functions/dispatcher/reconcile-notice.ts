import type { BatchQueue } from '../batch-queue/batch-queue.ts'
import { completeNotice } from '../ledger/complete-notice.ts'
import type { LedgerStore } from '../ledger/ledger-store.ts'
import { type Feed, type Notice, turnOf, type WaitReason, waitOf } from '../notice/notice.ts'
import type { NoticeStore } from '../notice/notice-store.ts'
import { BATCH_SIZE } from '../recipient/recipient.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { Metrics } from '../runtime/metrics.ts'
import type { SendQuota } from '../ses/account.ts'
import { diagnoseStall } from './diagnose-stall.ts'
import { findLost, lives } from './find-lost.ts'
import { queueingTimeMs } from './lost-pointers.ts'
import { type DispatchedBatch, planFeed } from './plan-feed.ts'
import type { Reading } from './read-notice.ts'
import type { RateOfNotice, SharedRate } from './share-rate.ts'
import { observeProgress, sumFates } from './watch-progress.ts'
import { MAIN_LANE, measureWork, presentFeed, sumWork } from './workload.ts'

export interface ReconcilePorts {
  readonly notices: NoticeStore
  readonly ledger: Pick<LedgerStore, 'readBatches' | 'readBatch'>
  readonly queue: BatchQueue
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Pointers that senders may hold at once. */
  readonly pointersInHand: number
}

/** What a notice is looked at under: `room` is what the daily quota has beyond all that is in flight. */
export interface Circumstances extends RateOfNotice, Omit<SharedRate, 'ofNotice'> {
  /** Undefined when SES does not say. */
  readonly quota: SendQuota | undefined
  readonly nowMs: number
  /** The time since this notice was last looked at, as far as is known. */
  readonly lookBackMs: number
  /** The other notices that are being sent. */
  readonly others: readonly Reading[]
}

/**
 * Feeds the queue with what is next of one notice and with what got lost, makes its counts exact, its end known, and its
 * standing still heard. Says how many recipients it has fed, or that another dispatcher has fed the notice since it was read.
 */
export async function reconcileNotice(ports: ReconcilePorts, reading: Reading, seen: Circumstances): Promise<Fed> {
  const { notice, sum } = reading
  // What feedback has changed since the last look at all rows is in the notice's counts, and would be undone.
  if (reading.exact) await ports.notices.refreshTally(notice, sum.tally, sum.batchesDone)
  await completeNotice(ports, { ...notice, batchesDone: sum.batchesDone })
  if (sum.batchesDone >= reading.slices.length) return 0
  const fed = await feedQueue(ports, reading, seen)
  await recordProgress(ports, reading, seen)
  return fed
}

type Fed = number | 'outrun'

/** What was fed is recorded first: of two dispatchers one feeds, and what it dies over is found as lost. */
async function feedQueue(ports: ReconcilePorts, reading: Reading, seen: Circumstances): Promise<Fed> {
  const { notice } = reading
  const { nowMs, rates, ratePerSecond, sharedWith } = seen
  // Without a rate senders would only fail; they are called once there is one.
  if (ratePerSecond === undefined) return 0
  if (rates === undefined) {
    return (await ports.notices.recordFeed(notice, givingWay(notice, nowMs))) ? 0 : 'outrun'
  }
  const before = presentFeed(notice)
  const work = measureWork(reading, nowMs)
  const plan = planFeed(reading, work, { ...seen, rates, paidUntilMs: before?.paidUntilMs })
  const nothingElse = sumWork(work, 'inFlight') === 0 && plan.batches.length === 0
  const waits = seen.quotaIsUsedUp || (plan.quotaIsFull && nothingElse) ? ('daily-quota' as const) : undefined
  const feed: Feed = {
    run: notice.run,
    queued: plan.queued,
    turn: turnOf(notice),
    sinceMs: before === undefined || waitOf(notice) ? nowMs : before.sinceMs,
    ...(Number.isFinite(seen.ceilingPerSecond) && { paidUntilMs: plan.paidUntilMs }),
    atMs: nowMs,
    ratePerSecond: rates.values().reduce((sum, rate) => sum + rate, 0),
    beside: sharedWith,
    ...(waits && { waits: waitSince(before, waits, nowMs) }),
  }
  if (!(await ports.notices.recordFeed(notice, feed))) return 'outrun'
  const lost = findLost(reading, work, searchMoment(ports, seen, ratePerSecond))
  await queueBatches(ports, { ...feed, noticeId: notice.noticeId }, [...plan.batches, ...lost], lost.length)
  return plan.recipients
}

/** It has nothing in the queue while an urgent notice goes first: senders drop what was there, and later what comes back. */
function givingWay(notice: Notice, nowMs: number): Feed {
  const before = presentFeed(notice)
  const turn = before === undefined || givesWay(notice) ? turnOf(notice) : before.turn + 1
  const waits = waitSince(before, 'urgent-notice', nowMs)
  return { run: notice.run, turn, queued: {}, sinceMs: nowMs, atMs: nowMs, ratePerSecond: 0, beside: 0, waits }
}

function givesWay(notice: Notice): boolean {
  return waitOf(notice)?.for === 'urgent-notice'
}

function waitSince(before: Feed | undefined, waitsFor: WaitReason, nowMs: number): NonNullable<Feed['waits']> {
  return before?.waits?.for === waitsFor ? before.waits : { for: waitsFor, sinceMs: nowMs }
}

function searchMoment(
  { pointersInHand }: ReconcilePorts,
  { inFlight, inFlightOf, others, nowMs, lookBackMs }: Circumstances,
  ratePerSecond: number,
) {
  const living = others.filter(other => lives(other, nowMs))
  const before = living.reduce((sum, { notice }) => sum + inFlightOf(notice.noticeId), 0)
  const pace = { ratePerSecond, recipientsInHand: Math.min(pointersInHand * BATCH_SIZE, inFlight) }
  return { ...pace, nowMs, lookBackMs, othersBacklogMs: queueingTimeMs(before, pace) }
}

async function queueBatches(
  { queue, log, metrics }: ReconcilePorts,
  { noticeId, run, turn }: Feed & Pick<Notice, 'noticeId'>,
  batches: readonly DispatchedBatch[],
  again: number,
): Promise<void> {
  if (batches.length === 0) return
  for (const [delaySeconds, delayed] of Map.groupBy(batches, ({ delayMs }) => Math.ceil(delayMs / 1000))) {
    const pointers = delayed.map(({ batch, lane }) => ({
      ...{ noticeId, run, batch },
      ...(turn > 1 && { turn }),
      ...(lane !== MAIN_LANE && { lane }),
    }))
    await queue.send(pointers, delaySeconds)
  }
  metrics.count('BatchesDispatched', batches.length)
  log.info('Queued batches', { noticeId, run, batches: batches.length, again })
}

async function recordProgress(ports: ReconcilePorts, reading: Reading, seen: Circumstances): Promise<void> {
  const { notices, log, metrics } = ports
  const { notice, rows } = reading
  const { others, nowMs } = seen
  const othersLive = others.some(other => lives(other, nowMs))
  const waitsForQuota = seen.quotaIsUsedUp || waitOf(notice)?.for === 'daily-quota'
  const diagnose = () => diagnoseStall({ ...reading, ...seen, othersLive, waitsForQuota })
  const observed = observeProgress(notice, sumFates(rows.values(), notice), nowMs, diagnose)
  const { run, tally, batchesDone } = observed
  const progress = waitsOnPurpose(reading) ? { run, tally, batchesDone, atMs: nowMs } : observed
  const { stalledBy: reason } = progress
  if (reason !== undefined) metrics.count('NoProgress', 1, { reason })
  if (reason !== undefined && reason !== notice.lastProgress?.stalledBy) {
    const { noticeId } = notice
    log.error('A notice makes no progress', { noticeId, run, reason, sinceMs: progress.atMs })
  }
  if (progress !== notice.lastProgress) await notices.recordProgress(notice.noticeId, progress)
}

/** To wait for one's turn is no standing still; nor for the quota, where its notice may take days. */
function waitsOnPurpose({ notice }: Reading): boolean {
  return givesWay(notice) || (waitOf(notice)?.for === 'daily-quota' && notice.pace.overDays)
}
