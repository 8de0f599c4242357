import { settled } from '../ledger/counts.ts'
import type { Notice } from '../notice/notice.ts'
import { STALL_MS } from '../notice/stall-reasons.ts'
import type { SendQuota } from '../ses/account.ts'
import { type GrantRatePorts, readQuota } from './grant-rate.ts'
import { type ReadNoticePorts, readNotice, readRows, readWork, type SendingNotice } from './read-notice.ts'
import { type ReconcilePorts, reconcileNotice } from './reconcile-notice.ts'
import { rememberRows } from './row-memory.ts'
import { shareRate } from './share-rate.ts'
import { tellLevels } from './tell-levels.ts'
import { sameFates } from './watch-progress.ts'
import { presentFeed } from './workload.ts'

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
  const rowMemory = rememberRows(ports)
  let listFailsSinceMs: number | undefined
  let lastQuota: SendQuota | undefined
  /** Recipients that were in flight when SES last told the quota, and were fed since: it may not count them yet. */
  let committed = 0

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

  async function overSome(sending: readonly SendingNotice[]): Promise<number> {
    const read = await Promise.all(
      sending.map(notice => attempt(notice.noticeId, () => readWork(ports, rowMemory.read, notice))),
    )
    const readings = read.map(({ result }) => result).filter(reading => reading !== undefined)
    const quota = await readQuota(ports)
    const grants = quota !== undefined && quota.maxSendRate > 0
    if (grants) lastQuota = quota
    const shared = await shareRate(ports, readings, lastQuota)
    tellLevels(ports, readings, { shared, quota })
    const unread = sending.filter((_, index) => read[index]?.failed)
    if (grants) committed = unread.reduce((sum, notice) => sum + pendingOf(notice), shared.inFlight)
    let failures = unread.length
    let outrun = false
    // One after the other: what one was fed with, the daily quota has no room for any more.
    for (const reading of readings) {
      const { noticeId } = reading.notice
      const nowMs = clock.now()
      const own = shared.ofNotice(noticeId)
      // Whoever has outrun this dispatcher feeds the others as well, and only it knows with how much.
      if (outrun && Number.isFinite(own.room)) continue
      const { failed, result } = await attempt(noticeId, () =>
        reconcileNotice(ports, reading, {
          ...{ ...shared, ...own, quota, nowMs },
          room: own.room - committed,
          lookBackMs: nowMs - lastLookMs(reading.notice),
          others: readings.filter(other => other !== reading),
        }),
      )
      if (result === 'outrun') outrun = true
      else committed += result ?? pendingOf(reading.notice)
      if (failed) failures++
      else remembered.set(noticeId, { reconciledAtMs: nowMs, failingSinceMs: undefined })
    }
    return failures
  }

  /** A process that knows of no look takes it that there was none: whatever has waited too long is queued. */
  function lastLookMs(notice: Notice): number {
    const looks = [recall(notice.noticeId).reconciledAtMs, presentFeed(notice)?.atMs]
    return Math.max(Number.NEGATIVE_INFINITY, ...looks.filter(lookMs => lookMs !== undefined))
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
      const listed = new Set(await list())
      if (alsoNoticeId !== undefined && !remembered.has(alsoNoticeId)) listed.add(alsoNoticeId)
      for (const noticeId of [...remembered.keys()].filter(noticeId => !listed.has(noticeId))) {
        const { result: exact } = await attempt(noticeId, () => settleTally(noticeId))
        rowMemory.forget(noticeId)
        if (exact) remembered.delete(noticeId)
      }
      const read = await Promise.all([...listed].map(id => attempt(id, () => readNotice(ports, id))))
      const found = read.map(({ result }) => result).filter(notice => notice !== undefined)
      const sending = found.sort(inTurn)
      for (const { noticeId } of sending) recall(noticeId)
      const isLeftToAnother = sending.every(notice => isFresh(notice, clock.now()))
      const failures = read.filter(({ failed }) => failed).length + (isLeftToAnother ? 0 : await overSome(sending))
      if (failures > 0) throw new Error(`${failures} of ${listed.size} notices could not be reconciled`)
      return remembered.size > 0 && (sending.length === 0 || !sending.every(waitsForQuota))
    },
  }
}

/** Every dispatcher goes by one order, so that of two at once one is outrun at the first notice that both know. */
function inTurn(a: Notice, b: Notice): number {
  const urgentFirst = Number(b.pace.urgent) - Number(a.pace.urgent)
  return urgentFirst || (a.startedAtMs ?? 0) - (b.startedAtMs ?? 0) || a.noticeId.localeCompare(b.noticeId)
}

/** At most so many may be in flight of a notice of which only this much is known. */
function pendingOf({ audience, tally, retryRun }: SendingNotice): number {
  // The counts do not show whom a retry concerns.
  const ended = retryRun === undefined ? settled({ ...tally, inDoubt: 0 }) : 0
  return Math.max(0, audience.recipients - ended)
}

function isFresh(notice: Notice, nowMs: number): boolean {
  const feed = presentFeed(notice)
  return feed !== undefined && nowMs - feed.atMs < FRESH_MS
}

/** The day's quota frees up by the minute: there is no hurry. */
function waitsForQuota(notice: Notice): boolean {
  return presentFeed(notice)?.waits?.for === 'daily-quota'
}
