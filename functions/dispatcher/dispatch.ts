import * as z from 'zod'
import type { BatchQueue } from '../batch-queue/batch-queue.ts'
import { addBatch, type BatchRow, emptySum } from '../ledger/batch.ts'
import { completeNotice } from '../ledger/complete-notice.ts'
import type { LedgerStore } from '../ledger/ledger-store.ts'
import type { Notice } from '../notice/notice.ts'
import type { NoticeStore } from '../notice/notice-store.ts'
import type { Pacer } from '../pacer/pacer.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { Metrics } from '../runtime/metrics.ts'
import type { SesAccount } from '../ses/account.ts'
import { type DispatchCause, planDispatch } from './plan-dispatch.ts'

export interface DispatcherPorts {
  readonly notices: NoticeStore
  readonly ledger: Pick<LedgerStore, 'readBatches'>
  readonly queue: BatchQueue
  readonly pacer: Pacer
  readonly account: SesAccount
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Share of the account's rate that notices may use. */
  readonly rateShare: number
}

/** On demand: the notice whose run has just begun. The schedule's event names none. */
const wakeSchema = z.object({ noticeId: z.string() })

/**
 * The `dispatcher` function: makes the queue hold every batch that is not done, for one notice when woken and for all notices
 * that are being sent each minute. Any number of them may run at once or end half-way: the next run finds the same truth.
 */
export function createDispatcherHandler(ports: DispatcherPorts): (event: unknown) => Promise<void> {
  const { notices, log, metrics } = ports
  return async event => {
    const woken = wakeSchema.safeParse(event)
    const named = woken.success
      ? [woken.data.noticeId]
      : (await notices.list('sending')).map(({ noticeId }) => noticeId)
    if (named.length > 0) await grantRate(ports)
    for (const noticeId of named) {
      // The list may be a moment old; what is decided on must not be.
      const notice = await notices.read(noticeId)
      if (notice?.state === 'sending') await dispatchNotice(ports, notice, woken.success ? 'run-began' : 'minute')
    }
    metrics.flush()
    log.info('Dispatched', { notices: named.length })
  }
}

async function grantRate({ account, pacer, rateShare, log }: DispatcherPorts): Promise<void> {
  const { maxSendRate } = await account.readQuota()
  if (maxSendRate <= 0) return log.error('SES grants no sending rate; the pacer keeps the last one', { maxSendRate })
  await pacer.grant(maxSendRate * rateShare)
}

async function dispatchNotice(ports: DispatcherPorts, notice: Notice, cause: DispatchCause): Promise<void> {
  if (notice.audience?.state !== 'ready') return
  const { notices, ledger, queue, clock, log, metrics } = ports
  const rows = new Map<number, BatchRow>()
  for await (const row of ledger.readBatches(notice.noticeId)) rows.set(row.batch, row)
  const sum = [...rows.values()].reduce(addBatch, emptySum)
  await notices.refreshTally(notice, sum.tally, sum.batchesDone)
  await completeNotice(ports, { ...notice, batchesDone: sum.batchesDone })

  const batches = planDispatch(notice, notice.audience.batches, rows, cause, clock.now())
  if (batches.length === 0) return
  const byDelay = Map.groupBy(batches, ({ delayMs }) => Math.ceil(delayMs / 1000))
  for (const [delaySeconds, delayed] of byDelay) {
    const pointers = delayed.map(({ batch }) => ({ noticeId: notice.noticeId, run: notice.run, batch }))
    await queue.send(pointers, delaySeconds)
  }
  metrics.count('BatchesDispatched', batches.length)
  log.info('Queued batches', { noticeId: notice.noticeId, run: notice.run, batches: batches.length, cause })
}
