import type { BatchPointer } from '../batch-queue/batch-queue.ts'
import { type Notice, turnOf, waitOf } from '../notice/notice.ts'
import type { NoticeStore } from '../notice/notice-store.ts'
import type { Clock } from '../runtime/clock.ts'
import { STOP_WITHIN_MS, WATCH_INTERVAL_MS } from './ports.ts'

/**
 * Knows whether a notice may still be sent. A call to SES may start only within a second of a read that said so: a sender
 * that cannot read the state does not send.
 */
export interface NoticeWatch {
  /** Reads the state again if the last read is old enough. Never waits, never throws. */
  refresh(): void
  maySend(): boolean
  /** The notice is no longer sent under this run. */
  stopped(): boolean
  /** An urgent notice goes first: the dispatcher brings the batch again when it is its turn. */
  givesWay(): boolean
  /** When this run was stopped, by the clock of whoever stopped it; undefined while it is not known to be. */
  stoppedAtMs(): number | undefined
  /** Ends when no read is under way. */
  settle(): Promise<void>
  /** Reads the state once more, after the last call has ended: a stop is told by every batch whose calls it met. */
  lookBack(): Promise<void>
}

export function watchNotice(
  { notices, clock }: { notices: NoticeStore; clock: Clock },
  { confirmedAtMs, ...pointer }: Pick<BatchPointer, 'noticeId' | 'run' | 'turn'> & { confirmedAtMs: number },
): NoticeWatch {
  const { noticeId, run } = pointer
  let confirmedMs = confirmedAtMs
  let askedMs = confirmedAtMs
  let stopped = false
  let givesWay = false
  let stoppedAtMs: number | undefined
  let reading: Promise<void> | undefined

  async function read(): Promise<void> {
    const startedMs = clock.now()
    askedMs = startedMs
    const notice = await notices.read(noticeId).catch(() => 'unreadable' as const)
    if (notice === 'unreadable') return
    if (notice?.state === 'sending' && notice.run === run) {
      confirmedMs = startedMs
      givesWay ||= mustGiveWay(notice, pointer)
      return
    }
    stopped = true
    stoppedAtMs = notice && stopOfRun(notice, run)
  }

  return {
    refresh: () => {
      if (reading !== undefined || stopped || clock.now() - askedMs < WATCH_INTERVAL_MS) return
      reading = read().finally(() => {
        reading = undefined
      })
    },
    maySend: () => !stopped && clock.now() - confirmedMs < STOP_WITHIN_MS,
    stopped: () => stopped,
    givesWay: () => givesWay,
    stoppedAtMs: () => stoppedAtMs,
    settle: async () => reading,
    lookBack: async () => {
      if (!stopped) await read()
    },
  }
}

/**
 * Whether senders leave the notice alone for now, or did since the pointer was queued: the dispatcher has begun anew and reckons
 * with it no more. Any other wait is the dispatcher's alone: what is queued goes out.
 */
export function mustGiveWay(notice: Notice, { turn = 1 }: Pick<BatchPointer, 'turn'>): boolean {
  return waitOf(notice)?.for === 'urgent-notice' || turnOf(notice) !== turn
}

function stopOfRun(notice: Notice, run: number): number | undefined {
  if (notice.run === run) return notice.stoppedAtMs
  return notice.lastStop?.run === run ? notice.lastStop.atMs : undefined
}
