import type { Window } from '../pacer/gcra.ts'
import type { Pacer } from '../pacer/pacer.ts'
import { assertNever } from '../runtime/assert-never.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Mailer, SesAnswer } from '../ses/mailer.ts'
import type { Lease } from './lease.ts'
import { markAhead } from './mark-ahead.ts'
import type { NoticeWatch } from './notice-watch.ts'
import type { OutcomeRecorder } from './outcome-recorder.ts'
import { DOUBT_LIMIT, MARK_LEAD_MS, SLOT_LATENESS_MS, WATCH_INTERVAL_MS } from './ports.ts'
import type { Prepared } from './prepare-message.ts'

export type ReadyMessage = Extract<Prepared, { kind: 'ready' }>

/** Why sending ended before every message had its answer. */
export type Halt =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'lease-lost' }
  | { readonly kind: 'time-limit' }
  /** The 24-hour quota is used up. */
  | { readonly kind: 'hold' }
  /** So many answers were lost that SES is taken to be failing. */
  | { readonly kind: 'unsure' }
  /** No message of this notice would be accepted; `everywhere`: none of any notice. */
  | { readonly kind: 'refused'; readonly everywhere: boolean; readonly reason: string }

export interface PacedSend {
  readonly mailer: Mailer
  readonly pacer: Pacer
  readonly clock: Clock
  readonly watch: NoticeWatch
  readonly lease: Lease
  readonly recorder: OutcomeRecorder
  /** Nothing is started from this moment on. */
  readonly deadlineMs: number
  /** Told when the first slot has come of a window that has one for every message that is left. */
  readonly onLastWindow?: (() => void) | undefined
}

/**
 * Sends prepared messages, one call a slot, evenly inside each reserved window. Calls overlap: a slow answer holds nobody up.
 * Ends when every call has its answer, also when it throws because a table fails; a throttled message takes a new slot.
 */
export async function sendPaced(messages: readonly ReadyMessage[], send: PacedSend): Promise<Halt | undefined> {
  const waiting = [...messages]
  const inFlight = new Set<Promise<void>>()
  let halt: Halt | undefined
  let failure: { readonly error: unknown } | undefined

  function start(message: ReadyMessage): void {
    const endCall = send.recorder.beginCall(send.clock.now())
    const call = send.mailer
      .send(message.request)
      .then(answer => {
        endCall(send.clock.now())
        return settle(message, answer)
      })
      .catch((error: unknown) => {
        failure ??= { error }
      })
      .finally(() => inFlight.delete(call))
    inFlight.add(call)
  }

  async function settle(message: ReadyMessage, answer: SesAnswer): Promise<void> {
    const { recorder, clock, pacer } = send
    switch (answer.kind) {
      case 'accepted':
        return recorder.recordAcceptance(message.recipient, { ...answer, locale: message.locale }, clock.now())
      case 'recipient-failed':
      case 'recipient-failed-for-now': {
        const passing = answer.kind === 'recipient-failed-for-now'
        return recorder.record(message.recipient, { kind: 'failed', reason: answer.reason, passing }, clock.now())
      }
      case 'in-doubt':
        recorder.record(message.recipient, { kind: 'inDoubt', reason: answer.reason }, clock.now())
        if (recorder.inDoubt() >= DOUBT_LIMIT) halt ??= { kind: 'unsure' }
        return
      case 'throttled':
        recorder.countThrottle()
        waiting.push(message)
        return pacer.throttled()
      case 'hold':
        halt ??= { kind: 'hold' }
        return
      case 'stop-all':
      case 'stop-notice':
        halt ??= { kind: 'refused', everywhere: answer.kind === 'stop-all', reason: answer.reason }
        return
      default:
        return assertNever(answer)
    }
  }

  /** Uses the slots of a window. A slot whose time has passed, or at which nothing may be sent, is given up. */
  async function useWindow(window: Window): Promise<void> {
    const { startUs, intervalUs, slots } = window
    await waitUntil(startUs / 1000 - MARK_LEAD_MS)
    halt ??= obstacle(send)
    if (halt !== undefined) return
    const positions = waiting.slice(0, slots).map(({ position }) => position)
    const marks = markAhead(send.lease, positions, intervalUs)
    for (let slot = 0; slot < slots && waiting.length > 0; slot++) {
      const slotMs = (startUs + slot * intervalUs) / 1000
      const last = slot === 0 && slots >= waiting.length
      await marks.before(slot)
      await waitUntil(slotMs)
      halt ??= obstacle(send)
      if (halt !== undefined) return
      if (last) send.onLastWindow?.()
      if (send.clock.now() - slotMs > SLOT_LATENESS_MS || !send.watch.maySend()) continue
      const message = waiting.shift()
      if (message !== undefined) start(message)
    }
  }

  /** Sleeps in steps, so that a stop is seen and the lease is kept while a sender waits for its slot. */
  async function waitUntil(timeMs: number): Promise<void> {
    for (;;) {
      send.watch.refresh()
      const remainingMs = timeMs - send.clock.now()
      if (remainingMs <= 0 || obstacle(send) !== undefined) return
      if (remainingMs > WATCH_INTERVAL_MS) await send.lease.keep()
      await send.clock.sleep(Math.min(remainingMs, WATCH_INTERVAL_MS))
    }
  }

  try {
    while (halt === undefined && failure === undefined && (waiting.length > 0 || inFlight.size > 0)) {
      if (waiting.length === 0) {
        await Promise.race(inFlight)
        continue
      }
      await send.lease.keep()
      await useWindow(await send.pacer.reserve(waiting.length))
    }
  } finally {
    await Promise.all(inFlight)
    await send.watch.settle()
  }
  if (failure !== undefined) throw failure.error
  return halt
}

function obstacle({ watch, lease, clock, deadlineMs }: PacedSend): Halt | undefined {
  if (watch.stopped()) return { kind: 'stopped' }
  if (!lease.held()) return { kind: 'lease-lost' }
  return clock.now() >= deadlineMs ? { kind: 'time-limit' } : undefined
}
