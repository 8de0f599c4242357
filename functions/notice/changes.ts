import type { Audience } from '../recipient/audience.ts'
import type { Notice, Pace, StopReason, Tally } from './notice.ts'
import { type NoticeAction, transition } from './notice-states.ts'
import type { ChangeResult, NoticeStore } from './notice-store.ts'

/**
 * What a change sets on a notice; undefined when the notice, as it is now, does not allow it. `generation` is that of the
 * account's last stop of all notices.
 */
export type NoticeChange = (notice: Notice, generation: number) => Partial<Notice> | undefined

/** Every change of a notice's life, as a pure function of the notice. Stores apply them atomically. */
const noticeChanges = {
  expectAudience: (audienceId: string) =>
    along('change audience', () => ({ audience: { state: 'awaiting-upload', audienceId }, approval: undefined })),

  /** An audience that is ready stays as it is: a repeated upload event takes no approval back. */
  recordAudience:
    (audience: Audience): NoticeChange =>
    (notice, generation) =>
      notice.audience?.audienceId === audience.audienceId && notice.audience.state !== 'ready'
        ? along('change audience', () => ({ audience }))(notice, generation)
        : undefined,

  approve: (approval: NonNullable<Notice['approval']>) =>
    along('approve', notice =>
      notice.audience?.state === 'ready' &&
      notice.audience.digest === approval.audienceDigest &&
      notice.contentDigest === approval.contentDigest
        ? { approval }
        : undefined,
    ),

  start: (pace: Pace, nowMs: number) =>
    along('start', (notice, generation) =>
      notice.approval === undefined ? undefined : { run: 1, generation, pace, startedAtMs: nowMs, progressAtMs: nowMs },
    ),

  stop: (reason: StopReason, nowMs: number) => along('stop', () => ({ stoppedAtMs: nowMs, stopReason: reason })),

  resume: (pace: Pace, nowMs: number) =>
    along('resume', (notice, generation) => ({
      run: notice.run + 1,
      pace,
      generation,
      lastStop: notice.stoppedAtMs === undefined ? notice.lastStop : { run: notice.run, atMs: notice.stoppedAtMs },
      stoppedAtMs: undefined,
      stopReason: undefined,
      progressAtMs: nowMs,
    })),

  retry: (pace: Pace, nowMs: number) =>
    along('retry', (notice, generation) => ({
      run: notice.run + 1,
      pace,
      retryRun: notice.run + 1,
      generation,
      finishedAtMs: undefined,
      progressAtMs: nowMs,
    })),

  finish: (run: number, tally: Tally, batchesDone: number, nowMs: number) =>
    along('finish', notice => (notice.run === run ? { tally, batchesDone, finishedAtMs: nowMs } : undefined)),
} as const

type Lifecycle = Pick<
  NoticeStore,
  'expectAudience' | 'recordAudience' | 'approve' | 'start' | 'stop' | 'resume' | 'retry' | 'finish'
>

/** The changes of a notice's life as calls of a store, which says only how one change is applied atomically. */
export function lifecycle(change: (noticeId: string, decide: NoticeChange) => Promise<ChangeResult>): Lifecycle {
  return {
    expectAudience: (noticeId, audienceId) => change(noticeId, noticeChanges.expectAudience(audienceId)),
    recordAudience: (noticeId, audience) => change(noticeId, noticeChanges.recordAudience(audience)),
    approve: (noticeId, approval) => change(noticeId, noticeChanges.approve(approval)),
    start: (noticeId, pace, nowMs) => change(noticeId, noticeChanges.start(pace, nowMs)),
    stop: (noticeId, reason, nowMs) => change(noticeId, noticeChanges.stop(reason, nowMs)),
    resume: (noticeId, pace, nowMs) => change(noticeId, noticeChanges.resume(pace, nowMs)),
    retry: (noticeId, pace, nowMs) => change(noticeId, noticeChanges.retry(pace, nowMs)),
    finish: (noticeId, run, tally, batchesDone, nowMs) =>
      change(noticeId, noticeChanges.finish(run, tally, batchesDone, nowMs)),
  }
}

function along(action: NoticeAction, set: NoticeChange): NoticeChange {
  return (notice, generation) => {
    const step = transition(notice.state, action)
    if (step.kind === 'refused') return undefined
    const change = set(notice, generation)
    return change === undefined ? undefined : { ...change, state: step.to }
  }
}
