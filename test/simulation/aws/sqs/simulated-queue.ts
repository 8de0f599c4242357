import type { Clock } from '../../../../functions/runtime/clock.ts'
import type { Random } from '../../../../functions/runtime/random.ts'

export interface QueueMessage {
  readonly messageId: string
  readonly body: string
  readonly sentAtMs: number
}

export interface ReceivedMessage extends QueueMessage {
  readonly receiptHandle: string
  /** 1 at the first time. */
  readonly receiveCount: number
}

export interface QueueSettings {
  readonly name: string
  readonly visibilityTimeoutMs: number
  /** After so many receives the next one moves the message to `deadLetters` instead. */
  readonly maxReceiveCount?: number
  readonly deadLetters?: SimulatedQueue
}

/** What the engine decides. */
export interface QueueHooks {
  /** When a sent message's copies come, in ms beyond its own delay: [0] is as sent, [] loses it, [0, 900] duplicates it. */
  readonly copies: (message: QueueMessage) => readonly number[]
  /** Tells of the time from which something may be received, so that nobody has to poll. */
  readonly onVisible: (atMs: number) => void
  /** Tells of a message that has been received too often. */
  readonly onDeadLetter: (message: QueueMessage) => void
}

export interface SimulatedQueue {
  readonly name: string
  /** Gives the message's id. */
  send(body: string, delayMs?: number): string
  /** At most so many, by chance in any order, invisible to others for the visibility time-out. */
  receive(max: number): readonly ReceivedMessage[]
  /** False when the handle is no longer the message's latest: it stays. */
  delete(receiptHandle: string): boolean
  /** Ends the invisibility of a received message after this time (ChangeMessageVisibility). */
  changeVisibility(receiptHandle: string, timeoutMs: number): boolean
  /** The earliest time at which anything may be received; undefined when the queue is empty. */
  nextVisibleAtMs(): number | undefined
  /** Everything in the queue, in flight or not, in order of sending. */
  messages(): readonly QueuedMessage[]
}

export interface QueuedMessage extends QueueMessage {
  readonly visibleAtMs: number
  readonly receiveCount: number
}

interface Copy extends QueueMessage {
  visibleAtMs: number
  receiveCount: number
  receiptHandle: string | undefined
}

const asSent: QueueHooks = { copies: () => [0], onVisible: () => {}, onDeadLetter: () => {} }

/** A standard queue: at least once, in any order. */
export function simulatedQueue(
  { name, visibilityTimeoutMs, maxReceiveCount = Infinity, deadLetters }: QueueSettings,
  clock: Pick<Clock, 'now'>,
  random: Random,
  hooks: Partial<QueueHooks> = {},
): SimulatedQueue {
  const { copies, onVisible, onDeadLetter } = { ...asSent, ...hooks }
  const held = new Set<Copy>()
  const inFlight = new Map<string, Copy>()
  let sent = 0
  let received = 0

  function remove(copy: Copy): void {
    held.delete(copy)
    if (copy.receiptHandle !== undefined) inFlight.delete(copy.receiptHandle)
  }

  function becomeVisible(copy: Copy, atMs: number): void {
    copy.visibleAtMs = atMs
    onVisible(atMs)
  }

  function deadLettered(copy: Copy): boolean {
    if (copy.receiveCount < maxReceiveCount) return false
    remove(copy)
    deadLetters?.send(copy.body)
    onDeadLetter(copy)
    return true
  }

  function take(copy: Copy): ReceivedMessage {
    if (copy.receiptHandle !== undefined) inFlight.delete(copy.receiptHandle)
    received += 1
    const receiptHandle = `${name}-receipt-${received}`
    copy.receiptHandle = receiptHandle
    copy.receiveCount += 1
    inFlight.set(receiptHandle, copy)
    becomeVisible(copy, clock.now() + visibilityTimeoutMs)
    const { messageId, body, sentAtMs, receiveCount } = copy
    return { messageId, body, sentAtMs, receiveCount, receiptHandle }
  }

  return {
    name,
    send: (body, delayMs = 0) => {
      sent += 1
      const message = { messageId: `${name}-message-${sent}`, body, sentAtMs: clock.now() }
      for (const laterMs of copies(message)) {
        const copy: Copy = { ...message, visibleAtMs: 0, receiveCount: 0, receiptHandle: undefined }
        held.add(copy)
        becomeVisible(copy, message.sentAtMs + delayMs + laterMs)
      }
      return message.messageId
    },
    receive: max => {
      const visible = [...held].filter(({ visibleAtMs }) => visibleAtMs <= clock.now())
      const taken: ReceivedMessage[] = []
      while (taken.length < max && visible.length > 0) {
        const copy = pickOut(visible, random)
        if (!deadLettered(copy)) taken.push(take(copy))
      }
      return taken
    },
    delete: receiptHandle => {
      const copy = inFlight.get(receiptHandle)
      if (copy === undefined) return false
      remove(copy)
      return true
    },
    changeVisibility: (receiptHandle, timeoutMs) => {
      const copy = inFlight.get(receiptHandle)
      if (copy === undefined) return false
      becomeVisible(copy, clock.now() + timeoutMs)
      return true
    },
    nextVisibleAtMs: () => {
      let nextMs: number | undefined
      for (const { visibleAtMs } of held) nextMs = Math.min(nextMs ?? Infinity, visibleAtMs)
      return nextMs
    },
    messages: () =>
      [...held].map(({ messageId, body, sentAtMs, visibleAtMs, receiveCount }) => {
        return { messageId, body, sentAtMs, visibleAtMs, receiveCount }
      }),
  }
}

/** Takes one out by chance; the last one closes the gap. */
function pickOut(copies: Copy[], random: Random): Copy {
  const [high = 0, low = 0] = random.bytes(2)
  const index = (high * 256 + low) % copies.length
  const [picked, last] = [copies[index], copies.pop()]
  if (picked === undefined || last === undefined) throw new RangeError('There is nothing to pick from')
  if (index < copies.length) copies[index] = last
  return picked
}
