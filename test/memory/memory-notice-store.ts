import { addTallies } from '../../functions/ledger/counts.ts'
import { type AccountStop, underAccountStop } from '../../functions/notice/account-stop.ts'
import { lifecycle, type NoticeChange } from '../../functions/notice/changes.ts'
import type { Notice } from '../../functions/notice/notice.ts'
import type { ChangeResult, NoticeStore } from '../../functions/notice/notice-store.ts'

/** Notices in memory, under the same contract suite as the table. */
export function memoryNoticeStore(): NoticeStore {
  const notices = new Map<string, Notice>()
  let stop: AccountStop | undefined

  function need(noticeId: string): Notice {
    const notice = notices.get(noticeId)
    if (notice === undefined) throw new Error(`No notice ${noticeId}`)
    return notice
  }

  async function change(noticeId: string, decide: NoticeChange): Promise<ChangeResult> {
    const stored = notices.get(noticeId)
    if (stored === undefined) return { kind: 'missing' }
    const notice = underAccountStop(stored, stop)
    const set = decide(notice, stop?.generation ?? 0)
    if (set === undefined) return { kind: 'conflict', notice }
    const changed = withoutUndefined({ ...notice, ...set })
    notices.set(noticeId, changed)
    return { kind: 'changed', notice: changed }
  }

  return {
    create: async notice => {
      if (notices.has(notice.noticeId)) throw new Error(`Notice ${notice.noticeId} exists`)
      notices.set(notice.noticeId, withoutUndefined(notice))
    },
    read: async noticeId => {
      const notice = notices.get(noticeId)
      return notice && underAccountStop(notice, stop)
    },
    list: async state =>
      [...notices.values()]
        .map(notice => underAccountStop(notice, stop))
        .filter(notice => state === undefined || notice.state === state)
        .sort((a, b) => b.createdAtMs - a.createdAtMs),
    ...lifecycle(change),
    stopAll: async (reason, nowMs) => {
      stop = { generation: (stop?.generation ?? 0) + 1, atMs: nowMs, reason }
      return stop
    },
    addToTally: async (noticeId, added, batchesDone, nowMs) => {
      const notice = need(noticeId)
      const counted = {
        ...notice,
        tally: addTallies(notice.tally, added),
        batchesDone: notice.batchesDone + batchesDone,
        progressAtMs: nowMs,
      }
      notices.set(noticeId, counted)
      return counted
    },
    refreshTally: async ({ noticeId, run, progressAtMs }, tally, batchesDone) => {
      const notice = need(noticeId)
      if (notice.run !== run || notice.progressAtMs !== progressAtMs) return
      notices.set(noticeId, { ...notice, tally, batchesDone })
    },
    recordFeed: async ({ noticeId, run, feed: asRead }, feed) => {
      const notice = notices.get(noticeId)
      if (notice?.run !== run || notice.feed?.atMs !== asRead?.atMs) return false
      notices.set(noticeId, { ...notice, feed })
      return true
    },
    recordProgress: async (noticeId, progress) => {
      const notice = notices.get(noticeId)
      if (notice?.run === progress.run) notices.set(noticeId, { ...notice, lastProgress: progress })
    },
  }
}

function withoutUndefined(notice: Notice): Notice {
  const kept = { ...notice }
  for (const name of ['approval', 'stoppedAtMs', 'stopReason', 'lastStop', 'finishedAtMs', 'leak'] as const)
    if (kept[name] === undefined) delete kept[name]
  return kept
}
