import type { Notice } from '../notice/notice.ts'
import { STALL_MS } from '../notice/stall-reasons.ts'
import type { SendQuota } from '../ses/account.ts'
import { quotaRoom } from '../ses/quota-room.ts'
import { type GrantRatePorts, grantRates, lastRate, presentRate, readPacers, readQuota } from './grant-rate.ts'
import {
  type Reading,
  type ReadNoticePorts,
  readNotice,
  readRows,
  readWork,
  type SendingNotice,
} from './read-notice.ts'
import { lives, type ReconcilePorts, reconcileNotice } from './reconcile-notice.ts'
import { type Sharer, shareOut } from './share-out.ts'
import { sameFates } from './watch-progress.ts'
import { measureWork, presentFeed, sumWork } from './workload.ts'

/** While a notice is being sent, the dispatcher comes round so often, or as often as leaves half of its time to others. */
export const ROUND_MS = 5_000
/** What another dispatcher looked at so lately is left to it. */
const FRESH_MS = 4_000

export interface PassPorts extends ReconcilePorts, GrantRatePorts, ReadNoticePorts {
  readonly notices: ReconcilePorts['notices']
  /** Share of the account's rate and daily quota that notices may use. */
  readonly rateShare: number
}

/** One look at every notice that is being sent. Throws, once all had their turn, when one of them could not be reconciled. */
export interface Passes {
  /** Says whether there is reason to come again soon. `alsoNoticeId` has just begun, and may not be listed yet. */
  overAll(alsoNoticeId?: string): Promise<boolean>
}

/**
 * What one process remembers of its passes only makes them cheaper or louder: when it last reconciled each notice, since when
 * it fails to, and which were being sent a moment ago.
 */
interface Remembered {
  reconciledAtMs: number | undefined
  failingSinceMs: number | undefined
}

export function createPasses(ports: PassPorts): Passes {
  const { notices, clock, log, metrics } = ports
  const remembered = new Map<string, Remembered>()
  let listFailsSinceMs: number | undefined
  let lastQuota: SendQuota | undefined

  const recall = (noticeId: string): Remembered => {
    const known = remembered.get(noticeId) ?? { reconciledAtMs: undefined, failingSinceMs: undefined }
    remembered.set(noticeId, known)
    return known
  }

  /** Its failure keeps no other notice from its turn. */
  async function attempt<T>(noticeId: string, work: () => Promise<T>): Promise<{ failed: boolean; result?: T }> {
    try {
      return { failed: false, result: await work() }
    } catch (error) {
      const memory = recall(noticeId)
      memory.failingSinceMs ??= clock.now()
      log.error('A notice could not be reconciled; the next pass tries again', { noticeId }, error)
      tellOfTrouble(memory.failingSinceMs)
      return { failed: true }
    }
  }

  function tellOfTrouble(sinceMs: number): void {
    if (clock.now() - sinceMs >= STALL_MS) metrics.count('NoProgress', 1, { reason: 'table-trouble' })
  }

  async function overSome(sending: readonly SendingNotice[], failedBefore: number): Promise<void> {
    const read = await Promise.all(sending.map(notice => attempt(notice.noticeId, () => readWork(ports, notice))))
    const readings = read.map(({ result }) => result).filter(reading => reading !== undefined)
    const quota = await readQuota(ports)
    lastQuota = quota !== undefined && quota.maxSendRate > 0 ? quota : lastQuota
    const maxSendRate = lastQuota?.maxSendRate ?? ((await lastRate(ports)) ?? 0) / ports.rateShare
    const nowMs = clock.now()
    const sharers = readings.map(reading => sharerOf(reading, ports.rateShare, maxSendRate, nowMs))
    const shared = shareOut(maxSendRate, ports.lanes, sharers)
    const lanes = sharers.flatMap(({ runnable }) => [...runnable.keys()])
    await grantRates(ports, shared, await readPacers(ports, lanes))
    const pacers = await readPacers(ports, lanes)
    const ratePerSecond = presentRate(pacers, nowMs)
    let inFlight = sharers.reduce((sum, { inFlight }) => sum + inFlight, 0)
    let failures = failedBefore + read.filter(({ failed }) => failed).length
    for (const [index, reading] of readings.entries()) {
      const { notice } = reading
      const share = sharers[index]?.share ?? 0
      const seen = {
        ...{ quota, ratePerSecond, pacer: pacers.get(''), nowMs },
        rates: shared.byNotice.get(notice.noticeId),
        ceilingPerSecond: maxSendRate * share,
        room: ((lastQuota && quotaRoom(lastQuota, share)) ?? Number.POSITIVE_INFINITY) - inFlight,
        wholeRoom: (lastQuota?.max24HourSend ?? Number.POSITIVE_INFINITY) * share,
        others: readings.filter(other => other !== reading),
      }
      const memory = recall(notice.noticeId)
      // A process that knows of no look takes it that there was none: whatever has waited too long is queued.
      const lookedAtMs = Math.max(memory.reconciledAtMs ?? -Infinity, presentFeed(notice)?.atMs ?? -Infinity)
      const { failed, result: fed = 0 } = await attempt(notice.noticeId, () =>
        reconcileNotice(ports, reading, { ...seen, lookBackMs: nowMs - lookedAtMs }),
      )
      inFlight += fed
      if (failed) failures++
      else Object.assign(memory, { reconciledAtMs: nowMs, failingSinceMs: undefined })
    }
    if (failures > 0) throw new Error(`${failures} of ${failedBefore + sending.length} notices could not be reconciled`)
  }

  /**
   * A sender may count its batch just after the notice's counts were replaced by the exact sums, which have it already. Says
   * whether the counts of a notice that is sent no more are found exact.
   */
  async function settleTally(noticeId: string): Promise<boolean> {
    const notice = await notices.read(noticeId)
    if (notice === undefined || notice.state === 'sending') return true
    const { sum } = await readRows(ports, notice)
    const counted = await notices.read(noticeId)
    if (counted === undefined || sameFates(counted, sum)) return true
    await notices.refreshTally(notice, sum.tally, sum.batchesDone)
    return false
  }

  async function list(): Promise<readonly string[]> {
    try {
      const listed = (await notices.list('sending')).map(({ noticeId }) => noticeId)
      listFailsSinceMs = undefined
      return listed
    } catch (error) {
      listFailsSinceMs ??= clock.now()
      log.error('The notices that are being sent cannot be listed; the next pass tries again', {}, error)
      tellOfTrouble(listFailsSinceMs)
      throw error
    }
  }

  return {
    overAll: async alsoNoticeId => {
      const listed = new Set([...(await list()), ...(alsoNoticeId === undefined ? [] : [alsoNoticeId])])
      for (const noticeId of [...remembered.keys()].filter(noticeId => !listed.has(noticeId))) {
        const { result: exact } = await attempt(noticeId, () => settleTally(noticeId))
        if (exact) remembered.delete(noticeId)
      }
      const read = await Promise.all([...listed].map(id => attempt(id, () => readNotice(ports, id))))
      const sending = read.map(({ result }) => result).filter(notice => notice !== undefined)
      for (const { noticeId } of sending) recall(noticeId)
      const failures = read.filter(({ failed }) => failed).length
      if (sending.length > 0 && !sending.every(notice => isFresh(notice, sending.length, clock.now()))) {
        await overSome(sending, failures)
      }
      if (failures > 0) throw new Error(`${failures} of ${listed.size} notices could not be reconciled`)
      return remembered.size > 0 && (sending.length === 0 || !sending.every(waitsForQuota))
    },
  }
}

function isFresh(notice: Notice, sending: number, nowMs: number): boolean {
  const feed = presentFeed(notice)
  return feed !== undefined && nowMs - feed.atMs < FRESH_MS && feed.beside === sending - 1
}

/** The day's quota frees up by the minute: there is no hurry. */
function waitsForQuota(notice: Notice): boolean {
  return presentFeed(notice)?.waits?.for === 'daily-quota'
}

function sharerOf(reading: Reading, rateShare: number, maxSendRate: number, nowMs: number) {
  const { notice } = reading
  const workload = measureWork(reading, nowMs)
  const share = Math.min(rateShare, notice.pace.share ?? rateShare)
  const hasJustBegun = presentFeed(notice) === undefined
  const lasts = sumWork(workload, 'runnable') > (maxSendRate * share * ROUND_MS) / 1000
  const sharer: Sharer = {
    noticeId: notice.noticeId,
    urgent: notice.pace.urgent,
    share,
    runnable: new Map([...workload].map(([lane, { runnable }]) => [lane, runnable])),
    holdsOthersBack: hasJustBegun || (lasts && lives(reading, nowMs)),
  }
  return { ...sharer, inFlight: sumWork(workload, 'inFlight') }
}
