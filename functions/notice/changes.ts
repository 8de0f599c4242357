import { type Audience, afterRecording } from '../recipient/audience.ts'
import { findingOf, type HistoryEntry, recorded } from './history.ts'
import { type Leak, type LeakWord, sameLeak } from './leak.ts'
import { type Notice, type PlainStopReason, type Tally, whyStopped } from './notice.ts'
import { type NoticeAction, transition } from './notice-states.ts'
import type { ChangeResult, NoticeStore, RetryOrder, RunOrder } from './notice-store.ts'

/**
 * What a change sets on a notice; undefined when the notice, as it is now, does not allow it. `generation` is that of the
 * account's last stop of all notices.
 */
export type NoticeChange = (notice: Notice, generation: number) => Partial<Notice> | undefined

type Deed = Omit<HistoryEntry, 'run'>

/** Every change of a notice's life, as a pure function of the notice. Stores apply them atomically, each with its trail. */
const noticeChanges = {
  expectAudience: (audienceId: string, by: string, atMs: number) =>
    along('change audience', { action: 'upload', by, atMs }, () => ({
      audience: { state: 'awaiting-upload', audienceId },
      approval: undefined,
    })),

  /** An audience that is ready stays as it is: a repeated upload event takes no approval back. */
  recordAudience:
    (audience: Audience): NoticeChange =>
    (notice, generation) => {
      const recorded = afterRecording(notice.audience, audience)
      return recorded && along('change audience', undefined, () => ({ audience: recorded }))(notice, generation)
    },

  approve: (approval: NonNullable<Notice['approval']>) =>
    along('approve', { action: 'approve', by: approval.by, atMs: approval.atMs }, notice =>
      notice.audience?.state === 'ready' &&
      notice.audience.digest === approval.audienceDigest &&
      notice.contentDigest === approval.contentDigest
        ? { approval }
        : undefined,
    ),

  start: ({ by, pace }: RunOrder, atMs: number) =>
    along('start', { action: 'start', by, atMs }, (notice, generation) =>
      notice.approval === undefined ? undefined : { run: 1, generation, pace, startedAtMs: atMs, progressAtMs: atMs },
    ),

  stop: (reason: PlainStopReason, atMs: number) =>
    along('stop', { action: 'stop', atMs, ...whyStopped(reason) }, () => ({ stoppedAtMs: atMs, stopReason: reason })),

  /**
   * Holds the first refusal that is not accounted for, whatever else has stopped the notice before; and stops it if it is still
   * being sent, be it under a later run. A refusal of a run that was accounted for changes nothing, however late it is told.
   */
  stopLeaking:
    (leak: Leak, atMs: number): NoticeChange =>
    (notice, generation) => {
      if (notice.leak !== undefined || leak.run <= (notice.leakWordRun ?? 0)) return undefined
      const { run: _, ...reason } = leak
      const deed = { atMs, finding: findingOf(leak) }
      const held = { leak: { ...leak, atMs } }
      if (transition(notice.state, 'stop').kind === 'refused') return inPlace(notice, { action: 'leak', ...deed }, held)
      const stopped = { ...held, stoppedAtMs: atMs, stopReason: { kind: 'leak-guard', ...reason } } as const
      return along('stop', { action: 'stop', ...deed }, () => stopped)(notice, generation)
    },

  resume: ({ by, pace, word }: RunOrder, atMs: number) =>
    along('resume', { action: 'resume', by, atMs, ...accountOf(word) }, (notice, generation) =>
      unaccounted(notice, word)
        ? undefined
        : {
            ...accounted(notice, word),
            run: notice.run + 1,
            pace,
            generation,
            lastStop:
              notice.stoppedAtMs === undefined ? notice.lastStop : { run: notice.run, atMs: notice.stoppedAtMs },
            stoppedAtMs: undefined,
            stopReason: undefined,
            progressAtMs: atMs,
          },
    ),

  retry: ({ by, pace, word, rejected = false }: RetryOrder, atMs: number) =>
    along('retry', { action: 'retry', by, atMs, ...accountOf(word) }, (notice, generation) =>
      unaccounted(notice, word) || (rejected && word === undefined)
        ? undefined
        : {
            ...accounted(notice, word),
            run: notice.run + 1,
            pace,
            retryRun: notice.run + 1,
            retryRejected: rejected,
            generation,
            finishedAtMs: undefined,
            progressAtMs: atMs,
          },
    ),

  finish: (run: number, tally: Tally, batchesDone: number, atMs: number) =>
    along('finish', { action: 'finish', atMs }, notice =>
      notice.run === run ? { tally, batchesDone, finishedAtMs: atMs } : undefined,
    ),
} as const

type Lifecycle = Pick<
  NoticeStore,
  'expectAudience' | 'recordAudience' | 'approve' | 'start' | 'stop' | 'stopLeaking' | 'resume' | 'retry' | 'finish'
>

/** The changes of a notice's life as calls of a store, which says only how one change is applied atomically. */
export function lifecycle(change: (noticeId: string, decide: NoticeChange) => Promise<ChangeResult>): Lifecycle {
  return {
    expectAudience: (noticeId, audienceId, by, nowMs) =>
      change(noticeId, noticeChanges.expectAudience(audienceId, by, nowMs)),
    recordAudience: (noticeId, audience) => change(noticeId, noticeChanges.recordAudience(audience)),
    approve: (noticeId, approval) => change(noticeId, noticeChanges.approve(approval)),
    start: (noticeId, order, nowMs) => change(noticeId, noticeChanges.start(order, nowMs)),
    stop: (noticeId, reason, nowMs) => change(noticeId, noticeChanges.stop(reason, nowMs)),
    stopLeaking: (noticeId, leak, nowMs) => change(noticeId, noticeChanges.stopLeaking(leak, nowMs)),
    resume: (noticeId, order, nowMs) => change(noticeId, noticeChanges.resume(order, nowMs)),
    retry: (noticeId, order, nowMs) => change(noticeId, noticeChanges.retry(order, nowMs)),
    finish: (noticeId, run, tally, batchesDone, nowMs) =>
      change(noticeId, noticeChanges.finish(run, tally, batchesDone, nowMs)),
  }
}

function along(action: NoticeAction, deed: Deed | undefined, set: NoticeChange): NoticeChange {
  return (notice, generation) => {
    const step = transition(notice.state, action)
    if (step.kind === 'refused') return undefined
    const change = set(notice, generation)
    if (change === undefined) return undefined
    return { ...change, ...trail({ ...notice, ...change }, deed), state: step.to }
  }
}

/** Says the state as well: what a stop of all has made of the notice may not be in its own item yet. */
function inPlace(notice: Notice, deed: Deed, change: Partial<Notice>): Partial<Notice> {
  const { state, stoppedAtMs, stopReason } = notice
  return { ...change, ...trail(notice, deed), state, stoppedAtMs, stopReason }
}

function trail({ history, run }: Notice, deed: Deed | undefined): Partial<Notice> {
  return deed === undefined ? {} : { history: recorded(history, { ...deed, run }) }
}

/** Nobody has said why it is safe to go on, or said it of another refusal. */
function unaccounted({ leak }: Notice, word: LeakWord | undefined): boolean {
  return word === undefined ? leak !== undefined : !sameLeak(leak, word.leak)
}

function accounted({ run }: Notice, word: LeakWord | undefined): Partial<Notice> {
  return word === undefined ? {} : { leak: undefined, leakWordRun: run }
}

function accountOf(word: LeakWord | undefined): Pick<Deed, 'reason' | 'finding'> {
  if (word === undefined) return {}
  return { reason: word.cause, ...(word.leak && { finding: findingOf(word.leak) }) }
}
