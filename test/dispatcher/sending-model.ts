import { findLost } from '../../functions/dispatcher/find-lost.ts'
import { planFeed } from '../../functions/dispatcher/plan-feed.ts'
import { measureWork } from '../../functions/dispatcher/workload.ts'
import type { BatchRow } from '../../functions/ledger/batch.ts'
import type { Feed } from '../../functions/notice/notice.ts'
import { BATCHES_PER_CALL } from '../../functions/sender/concurrency.ts'
import { batchRow } from '../memory/batch-row.ts'
import { draftNotice } from '../memory/sample-notice.ts'

/** What happens to a notice while it is sent. Times in milliseconds since its start. */
export interface Sending {
  readonly noticeId: string
  readonly batches: number
  readonly ratePerSecond: number
  readonly senders: number
  readonly settleDelayMs: number
  /** A sender is killed at each of these times, with all that it holds; another takes its place at once. */
  readonly kills: readonly { readonly atMs: number; readonly sender: number }[]
  /** Pointers, counted as they are queued, that get lost. */
  readonly lost: ReadonlySet<number>
  /** How far a pointer may be from its place in the queue. */
  readonly disorder: (pointer: number) => number
}

export interface Sent {
  readonly finishedAtMs: number | undefined
  /** Pointers that the dispatcher's rounds queued. */
  readonly queuedAgain: number
  /** Claims that were refused, since the batch was done or in other hands. */
  readonly refused: number
  readonly doneQueued: number
}

const PASS_MS = 5_000
const LEASE_MS = 15_000
const RENEWAL_MS = 5_000
const BETWEEN_CALLS_MS = 200
const CALL_MS = 275_000
const GIVE_UP_MS = 12 * 3_600_000

interface Pointer {
  readonly batch: number
  readonly visibleAtMs: number
  readonly place: number
}

interface Sender {
  nextMs: number
  callEndsMs: number
  pointers: number[]
  /** Its window of slots lasts until `windowEndsMs`. */
  sending: { readonly batch: number; left: number; windowEndsMs: number } | undefined
}

/** Senders, queue, pacer and the dispatcher's rounds over one notice, in simulated time. */
export function simulateSending(given: Sending): Sent {
  const { noticeId, batches, ratePerSecond, settleDelayMs, lost } = given
  const windowSlots = Math.max(1, Math.min(100, Math.floor(ratePerSecond)))
  const rows = new Map<number, BatchRow>()
  /** Recipients of a batch that was given back who are still to be sent to. */
  const left = new Map<number, number>()
  const senders = Array.from({ length: given.senders }, newSender)
  const kills = [...given.kills].sort((a, b) => a.atMs - b.atMs)
  let queue: Pointer[] = []
  let tatMs = 0
  let pointersMade = 0
  let passMs = PASS_MS
  let progressAtMs = 0
  let done = 0
  let feed: Feed | undefined
  const sent = { queuedAgain: 0, refused: 0, doneQueued: 0 }

  function newSender(): Sender {
    return { nextMs: 0, callEndsMs: 0, pointers: [], sending: undefined }
  }

  function enqueue(batch: number, visibleAtMs: number) {
    const pointer = pointersMade++
    if (!lost.has(pointer)) queue.push({ batch, visibleAtMs, place: pointer + given.disorder(pointer) })
  }

  function put(batch: number, nowMs: number, changes: Partial<BatchRow>) {
    const row = rows.get(batch) ?? batchRow(batch, { noticeId, attempt: 0 })
    rows.set(batch, { ...row, ...changes, aliveAtMs: nowMs })
  }

  const live = (batch: number, nowMs: number) => put(batch, nowMs, { claimableAtMs: nowMs + LEASE_MS + settleDelayMs })

  function pass(nowMs: number) {
    const slices = Array(batches).fill({ offset: 0, length: 1, size: 100, digest: '' })
    const notice = draftNotice({ noticeId, state: 'sending', run: 1, progressAtMs, ...(feed && { feed }) })
    const work = { notice, slices, rows }
    const workload = measureWork(work, nowMs)
    const rates = new Map([['', ratePerSecond]])
    const endless = {
      ceilingPerSecond: ratePerSecond,
      room: Number.POSITIVE_INFINITY,
      wholeRoom: 1,
      paidUntilMs: undefined,
    }
    const plan = planFeed(work, workload, { ...endless, rates, nowMs })
    const inHand = Math.min(given.senders * BATCHES_PER_CALL, (feed?.queued[''] ?? 0) - done)
    const pace = { ratePerSecond, recipientsInHand: 100 * Math.max(1, inHand) }
    const lost = feed && findLost(work, workload, { ...pace, nowMs, lookBackMs: PASS_MS, othersBacklogMs: 0 })
    feed = { run: 1, queued: plan.queued, turn: 1, sinceMs: 0, atMs: nowMs, ratePerSecond, beside: 0 }
    sent.queuedAgain += lost?.length ?? 0
    for (const { batch, delayMs } of [...plan.batches, ...(lost ?? [])]) {
      if (rows.get(batch)?.state === 'done') sent.doneQueued++
      enqueue(batch, nowMs + Math.ceil(delayMs / 1000) * 1000)
    }
  }

  function takeCall(sender: Sender, nowMs: number) {
    const visible = queue.filter(({ visibleAtMs }) => visibleAtMs <= nowMs).sort((a, b) => a.place - b.place)
    const taken = new Set(visible.slice(0, BATCHES_PER_CALL))
    if (taken.size === 0) {
      sender.nextMs = nowMs + 1_000
      return
    }
    queue = queue.filter(pointer => !taken.has(pointer))
    sender.pointers = [...taken].map(({ batch }) => batch)
    sender.callEndsMs = nowMs + CALL_MS
    sender.nextMs = nowMs + BETWEEN_CALLS_MS
  }

  /** The next thing that a sender does: to claim, to use a window of slots, to finish, or to give back. */
  function act(sender: Sender, nowMs: number) {
    if (sender.sending === undefined) {
      const batch = sender.pointers.shift()
      if (batch === undefined) return takeCall(sender, nowMs)
      if (nowMs >= sender.callEndsMs) return enqueue(batch, nowMs)
      const row = rows.get(batch)
      if (row?.state === 'done' || (row !== undefined && row.claimableAtMs > nowMs)) {
        sent.refused++
        if (row.state !== 'done') enqueue(batch, row.claimableAtMs)
        return
      }
      put(batch, nowMs, { state: 'leased', run: 1, attempt: (row?.attempt ?? 0) + 1 })
      live(batch, nowMs)
      sender.sending = { batch, left: left.get(batch) ?? 100, windowEndsMs: nowMs }
      return
    }
    const { sending } = sender
    if (nowMs < sending.windowEndsMs) {
      live(sending.batch, nowMs)
      sender.nextMs = Math.min(sending.windowEndsMs, nowMs + RENEWAL_MS)
      return
    }
    if (sending.left === 0) {
      put(sending.batch, nowMs, { state: 'done', claimableAtMs: 0 })
      progressAtMs = nowMs
      done++
      sender.sending = undefined
      return
    }
    if (nowMs >= sender.callEndsMs) {
      put(sending.batch, nowMs, { state: 'open', claimableAtMs: nowMs })
      left.set(sending.batch, sending.left)
      enqueue(sending.batch, nowMs)
      sender.sending = undefined
      return
    }
    live(sending.batch, nowMs)
    const slots = Math.min(windowSlots, sending.left)
    tatMs = Math.max(tatMs, nowMs) + (slots * 1000) / ratePerSecond
    sending.left -= slots
    sending.windowEndsMs = tatMs
    sender.nextMs = Math.min(tatMs, nowMs + RENEWAL_MS)
  }

  pass(0)
  for (;;) {
    if (done === batches) return { finishedAtMs: progressAtMs, ...sent }
    const next = senders.reduce((a, b) => (b.nextMs < a.nextMs ? b : a))
    const nowMs = Math.min(next.nextMs, passMs, kills[0]?.atMs ?? Number.POSITIVE_INFINITY)
    if (nowMs > GIVE_UP_MS) return { finishedAtMs: undefined, ...sent }
    if (nowMs === kills[0]?.atMs) {
      const { sender } = kills.shift() ?? { sender: 0 }
      senders[sender % senders.length] = { ...newSender(), nextMs: nowMs + 500 }
    } else if (nowMs === passMs) {
      pass(nowMs)
      passMs += PASS_MS
    } else {
      act(next, nowMs)
    }
  }
}
