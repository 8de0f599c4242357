import { STALL_MS } from '../notice/stall-reasons.ts'
import { type GrantRatePorts, grantRate, type Pace } from './grant-rate.ts'
import type { DispatchCause } from './plan-dispatch.ts'
import { type Reading, readNotice, readRows } from './read-notice.ts'
import { type ReconcilePorts, reconcileNotice } from './reconcile-notice.ts'
import { sameFates } from './watch-progress.ts'

export type PassPorts = ReconcilePorts & GrantRatePorts

/** One look at notices. Throws, once all had their turn, when one of them could not be reconciled. */
export interface Passes {
  /** Over the notice whose run has just begun. */
  overNotice(noticeId: string): Promise<void>
  /** Over every notice that is being sent. Says whether there is reason to come again soon. */
  overAll(): Promise<boolean>
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

  const recall = (noticeId: string): Remembered => {
    const known = remembered.get(noticeId) ?? { reconciledAtMs: undefined, failingSinceMs: undefined }
    remembered.set(noticeId, known)
    return known
  }

  async function reconcile(noticeId: string, cause: DispatchCause, pace: Pace, readings: readonly Reading[]) {
    const reading = readings.find(({ notice }) => notice.noticeId === noticeId)
    if (reading === undefined) return
    const memory = recall(noticeId)
    const nowMs = clock.now()
    // A process that remembers no pass takes it that there was none: whatever has waited too long is queued.
    const lookBackMs = nowMs - (memory.reconciledAtMs ?? Number.NEGATIVE_INFINITY)
    const others = readings.filter(other => other !== reading)
    await reconcileNotice(ports, reading, { cause, pace, nowMs, lookBackMs, others })
    memory.reconciledAtMs = nowMs
    memory.failingSinceMs = undefined
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

  async function overSome(noticeIds: readonly string[], cause: DispatchCause): Promise<void> {
    const pace = await grantRate(ports)
    const read = await Promise.all(noticeIds.map(id => attempt(id, () => readNotice(ports, id))))
    const readings = read.map(({ result }) => result).filter(reading => reading !== undefined)
    const reconciled = await Promise.all(noticeIds.map(id => attempt(id, () => reconcile(id, cause, pace, readings))))
    const failures = [...read, ...reconciled].filter(({ failed }) => failed).length
    if (failures > 0) throw new Error(`${failures} of ${noticeIds.length} notices could not be reconciled`)
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
    overNotice: noticeId => overSome([noticeId], 'run-began'),
    overAll: async () => {
      const listed = await list()
      const ended = [...remembered.keys()].filter(noticeId => !listed.includes(noticeId))
      for (const noticeId of ended) {
        const { result: exact } = await attempt(noticeId, () => settleTally(noticeId))
        if (exact) remembered.delete(noticeId)
      }
      if (listed.length > 0) await overSome(listed, 'round')
      return remembered.size > 0
    },
  }
}
