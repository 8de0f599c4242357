import type { Window } from '../pacer/gcra.ts'
import { hasNoSlot, type Pacer } from '../pacer/pacer.ts'
import { assertNever } from '../runtime/assert-never.ts'
import type { Mailer, SesAnswer } from '../ses/mailer.ts'
import { limitCatchUp } from './catch-up.ts'
import { type Halt, type Obstacles, obstacle, obstacleAhead } from './halt.ts'
import type { IdleMeter } from './idle-meter.ts'
import { markAhead } from './mark-ahead.ts'
import type { OutcomeRecorder } from './outcome-recorder.ts'
import {
  DOUBT_LIMIT,
  MARK_LEAD_MS,
  NEAR_WINDOW_MS,
  RECIPIENTS_PER_MARK,
  SLOT_LATENESS_MS,
  WATCH_INTERVAL_MS,
} from './ports.ts'
import type { Prepared } from './prepare-message.ts'

export type ReadyMessage = Extract<Prepared, { kind: 'ready' }>

export interface PacedSend extends Obstacles {
  readonly mailer: Mailer
  /** That of the batch's lane. */
  readonly pacer: Pacer
  readonly meter: IdleMeter
  readonly recorder: OutcomeRecorder
  /** Told when the first slot has come of a window that has one for every message that is left. */
  readonly onLastWindow?: (() => void) | undefined
}

/**
 * Sends prepared messages, one call a slot, evenly inside each reserved window. Calls overlap: a slow answer holds nobody up.
 * Ends when every call has its answer, also when it throws because a table fails; a throttled message keeps its place and takes a new slot.
 */
export async function sendPaced(messages: readonly ReadyMessage[], send: PacedSend): Promise<Halt | undefined> {
  const waiting = [...messages]
  const inFlight = new Set<Promise<void>>()
  const marks = markAhead(
    send.lease,
    messages.map(({ position }) => position),
  )
  const idleBeforeMs = send.meter.idleMs()
  const catchUp = limitCatchUp()
  let halt: Halt | undefined
  let failure: { readonly error: unknown } | undefined

  function start(message: ReadyMessage, intervalMs: number): void {
    const beganAtMs = send.clock.now()
    const endCall = send.recorder.beginCall(beganAtMs)
    catchUp.began(beganAtMs, intervalMs)
    send.meter.callBegan()
    const call = send.mailer
      .send(message.mail)
      .finally(send.meter.callEnded)
      .then(answer => {
        endCall(send.clock.now())
        return settle(message, answer, beganAtMs)
      })
      .catch((error: unknown) => {
        failure ??= { error }
      })
      .finally(() => inFlight.delete(call))
    inFlight.add(call)
  }

  async function settle(message: ReadyMessage, answer: SesAnswer, beganAtMs: number): Promise<void> {
    const { recorder, clock, pacer } = send
    switch (answer.kind) {
      case 'accepted':
        return recorder.recordAcceptance(message.recipient, { ...message, ...answer, beganAtMs }, clock.now())
      case 'refused-by-guard': {
        const { kind: _, ...finding } = answer
        recorder.record(message.recipient, { kind: 'rejected', ...finding }, clock.now())
        halt = { kind: 'leak' }
        // At once: calls in flight may take their time, and other senders send meanwhile.
        return send.alarm.raise([{ ...finding, recipientKey: message.recipient.key }])
      }
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
        // Before those that have had no slot yet: nobody new is put in doubt for it.
        waiting.unshift(message)
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

  /** Undefined where the pacer has no slot to give for now. */
  async function reserve(): Promise<Window | undefined> {
    try {
      return await send.pacer.reserve(waiting.length)
    } catch (error) {
      if (hasNoSlot(error)) return undefined
      throw error
    }
  }

  /**
   * Uses the slots of a window, once it is near to its end: they would be lost. A slot whose time has passed, or at which
   * nothing may be sent, is given up.
   */
  async function useWindow(window: Window): Promise<void> {
    const { startUs, intervalUs, slots } = window
    await waitUntil(startUs / 1000 - NEAR_WINDOW_MS, () => obstacleAhead(send, 0))
    if (startUs / 1000 - send.clock.now() > NEAR_WINDOW_MS) halt ??= obstacleAhead(send, 0)
    if (halt !== undefined) return
    await waitUntil(startUs / 1000 - MARK_LEAD_MS, () => obstacle(send))
    halt ??= obstacle(send)
    if (halt !== undefined) return
    const leadSlots = Math.min(RECIPIENTS_PER_MARK, Math.ceil((MARK_LEAD_MS * 1000) / intervalUs))
    for (let slot = 0; slot < slots && waiting.length > 0; slot++) {
      const slotMs = (startUs + slot * intervalUs) / 1000
      const last = slot === 0 && slots >= waiting.length
      const [next, soon] = [waiting[0], slot + leadSlots < slots ? waiting[leadSlots] : undefined]
      if (next !== undefined) await marks.before(next.position, soon?.position)
      await waitUntil(Math.max(slotMs, catchUp.notBeforeMs()), () => obstacle(send))
      halt ??= obstacle(send)
      if (halt !== undefined) return
      if (last) send.onLastWindow?.()
      if (send.clock.now() - slotMs > SLOT_LATENESS_MS || !send.watch.maySend()) continue
      const message = waiting.shift()
      if (message !== undefined) start(message, intervalUs / 1000)
    }
  }

  /** Sleeps in steps, so that a stop is seen and the lease is kept while a sender waits for its slot. */
  async function waitUntil(timeMs: number, obstacleNow: () => Halt | undefined): Promise<void> {
    for (;;) {
      send.watch.refresh()
      const remainingMs = timeMs - send.clock.now()
      if (remainingMs <= 0 || obstacleNow() !== undefined) return
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
      halt ??= obstacleAhead(send, NEAR_WINDOW_MS)
      if (halt !== undefined) break
      const window = await reserve()
      if (window === undefined) halt ??= { kind: 'no-slot' }
      else await useWindow(window)
    }
  } finally {
    await Promise.all(inFlight)
    await send.watch.settle()
    send.recorder.countIdle(send.meter.idleMs() - idleBeforeMs)
  }
  if (failure !== undefined) throw failure.error
  return halt
}
