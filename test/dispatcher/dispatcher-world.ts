import { createDispatcherHandler } from '../../functions/dispatcher/dispatch.ts'
import type { PassPorts } from '../../functions/dispatcher/pass.ts'
import { emptyEffort } from '../../functions/ledger/batch.ts'
import { emptyCounts } from '../../functions/ledger/counts.ts'
import { emptyTally, type Pace, usualPace } from '../../functions/notice/notice.ts'
import { createPacer } from '../../functions/pacer/pacer.ts'
import type { PacerStore } from '../../functions/pacer/pacer-store.ts'
import type { BatchSlice } from '../../functions/recipient/audience.ts'
import type { Log } from '../../functions/runtime/log.ts'
import type { SendQuota } from '../../functions/ses/account.ts'
import { memoryBatchQueue } from '../memory/memory-batch-queue.ts'
import { memoryGrantedRates } from '../memory/memory-granted-rates.ts'
import { memoryLedgerStore } from '../memory/memory-ledger-store.ts'
import { memoryNoticeStore } from '../memory/memory-notice-store.ts'
import { memoryPacerStore } from '../memory/memory-pacer-store.ts'
import { draftNotice, readyAudience } from '../memory/sample-notice.ts'
import { virtualClock } from '../memory/virtual-clock.ts'

export const START_MS = 1_800_000_000_000
export const scheduled = { 'detail-type': 'Scheduled Event' }

/** The dispatcher over stores in memory and a clock that passes only when everybody sleeps. */
export function dispatcherWorld() {
  const clock = virtualClock(START_MS)
  const notices = memoryNoticeStore()
  const ledger = memoryLedgerStore()
  const queue = memoryBatchQueue()
  const pacerStores = new Map<string, PacerStore>()
  const pacerStoreOf = (lane = '') => {
    const store = pacerStores.get(lane) ?? memoryPacerStore()
    pacerStores.set(lane, store)
    return store
  }
  const slices = new Map<string, readonly BatchSlice[]>()
  const counted: { name: string; value: number; reason: string | undefined }[] = []
  const errors: { message: string; [field: string]: unknown }[] = []
  const account: { quota: SendQuota | undefined; reads: number } = {
    quota: { maxSendRate: 100, max24HourSend: undefined, sentLast24Hours: 0, sendingEnabled: true },
    reads: 0,
  }
  const log: Log = {
    info: () => {},
    warn: () => {},
    error: (message, fields) => errors.push({ message, ...fields }),
  }
  const ports: PassPorts = {
    notices,
    ledger,
    queue,
    audiences: { readBatchSlices: async audienceId => slices.get(audienceId) ?? [] },
    pacerOf: lane => createPacer(pacerStoreOf(lane), clock),
    pacerStoreOf,
    grantedRates: memoryGrantedRates(),
    lanes: {},
    account: {
      readQuota: async () => {
        account.reads++
        if (account.quota === undefined) throw new Error('GetAccount fails')
        return account.quota
      },
    },
    clock,
    log,
    metrics: {
      count: (name, value, dimensions) => counted.push({ name, value, reason: dimensions?.['reason'] }),
      flush: () => {},
    },
    rateShare: 0.5,
    pointersInHand: 20,
  }

  /** Full batches, those of lanes last. */
  async function start(
    noticeId: string,
    batches = 3,
    { pace = {}, lanes = {} }: { pace?: Partial<Pace>; lanes?: Readonly<Record<string, number>> } = {},
  ): Promise<void> {
    const notice = draftNotice({ noticeId })
    const audienceId = `a-${noticeId}`
    const slice = { offset: 0, length: 1, size: 100, digest: '' }
    const inLanes = Object.entries(lanes).flatMap(([lane, count]) => Array(count).fill({ ...slice, lane }))
    slices.set(audienceId, [...Array(batches).fill(slice), ...inLanes])
    const count = batches + inLanes.length
    await notices.create(notice)
    await notices.expectAudience(noticeId, audienceId, 'ada', 0)
    await notices.recordAudience(noticeId, readyAudience({ audienceId, batches: count, recipients: count * 100 }))
    const digests = { contentDigest: notice.contentDigest, audienceDigest: 'audience-digest' }
    await notices.approve(noticeId, { by: 'bob', atMs: 0, ...digests })
    await notices.start(noticeId, { by: 'ada', pace: { ...usualPace, ...pace } }, clock.now())
  }

  async function claim(noticeId: string, batch: number) {
    const lease = { leaseMs: 15_000, settleDelayMs: 5_000, nowMs: clock.now() }
    const holder = { noticeId, batch, owner: `o-${batch}-${clock.now()}` }
    await ledger.claim({ ...holder, ...lease, run: 1, retryRun: undefined, size: 100 })
    return holder
  }

  /** A sender's part: the batch is done, and counted unless the sender dies just before. */
  async function finishBatch(noticeId: string, batch: number): Promise<() => Promise<void>> {
    const holder = await claim(noticeId, batch)
    const tally = { ...emptyTally, accepted: 100 }
    const progress = { ...emptyCounts, ...emptyEffort, tally }
    await ledger.finish(holder, progress, 0)
    return async () => void (await notices.addToTally(noticeId, tally, 1, clock.now()))
  }

  const handlerOf = (changed: Partial<PassPorts> = {}) => {
    const handle = createDispatcherHandler({ ...ports, ...changed })
    return (event: unknown) => clock.drive(handle(event))
  }
  const queued = () =>
    queue
      .drain()
      .map(({ batch }) => batch)
      .sort((a, b) => a - b)
  const reasons = () => counted.flatMap(({ reason }) => reason ?? [])
  return {
    ...ports,
    pacerStore: pacerStoreOf(),
    clock,
    notices,
    ledger,
    queue,
    counted,
    errors,
    account,
    start,
    claim,
    finishBatch,
    handlerOf,
    queued,
    reasons,
  }
}
