import type { Clock } from '../../../functions/runtime/clock.ts'
import type { SesEventType } from './ses-event.ts'

export interface OutgoingEvent {
  readonly configurationSet: string
  readonly eventType: SesEventType
  readonly body: string
}

/** Rejects when at least one of the events could not be published. */
export type PublishEvents = (events: readonly OutgoingEvent[]) => Promise<void>

export interface OutboxCounts {
  eventsPublished: number
  eventsLost: number
}

const FLUSH_INTERVAL_MS = 50
const GROUP_SIZE = 10
const GROUPS_IN_FLIGHT = 8
const ATTEMPTS = 5
const FIRST_RETRY_MS = 100
const BUFFERED_MAX = 200_000

/**
 * Publishes events when they are due, in groups of ten. A group that fails is published again, as a whole and at most
 * `ATTEMPTS` times, so that an event can come twice, as it can from SNS; what is given up is counted and logged.
 */
export class EventOutbox {
  readonly #publish: PublishEvents
  readonly #clock: Clock
  readonly #counts: () => OutboxCounts
  readonly #scheduled = new Set<OutgoingEvent>()
  #buffer: OutgoingEvent[] = []
  #inFlight = 0
  #flushing = false
  #idle: (() => void) | undefined

  constructor(publish: PublishEvents, clock: Clock, counts: () => OutboxCounts) {
    this.#publish = publish
    this.#clock = clock
    this.#counts = counts
  }

  schedule(event: OutgoingEvent, delayMs: number): void {
    this.#scheduled.add(event)
    void this.#clock.sleep(delayMs).then(() => {
      if (!this.#scheduled.delete(event)) return
      this.#add(event)
      this.#flushSoon()
    })
  }

  /** Publishes everything now, also what is not due yet, and resolves when nothing is left. */
  async drain(): Promise<void> {
    for (const event of this.#scheduled) this.#add(event)
    this.#scheduled.clear()
    this.#flush()
    if (this.#inFlight === 0) return
    await new Promise<void>(resolve => {
      this.#idle = resolve
    })
  }

  #add(event: OutgoingEvent): void {
    if (this.#buffer.length < BUFFERED_MAX) this.#buffer.push(event)
    else this.#lose(1, `${BUFFERED_MAX} events are waiting to be published`)
  }

  #flushSoon(): void {
    if (this.#flushing) return
    this.#flushing = true
    void this.#clock.sleep(FLUSH_INTERVAL_MS).then(() => {
      this.#flushing = false
      this.#flush()
    })
  }

  #flush(): void {
    while (this.#buffer.length > 0 && this.#inFlight < GROUPS_IN_FLIGHT) {
      this.#inFlight += 1
      void this.#publishGroup(this.#buffer.splice(0, GROUP_SIZE)).then(() => {
        this.#inFlight -= 1
        this.#flush()
        if (this.#inFlight === 0) this.#idle?.()
      })
    }
  }

  async #publishGroup(group: readonly OutgoingEvent[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#publish(group)
        this.#counts().eventsPublished += group.length
        return
      } catch (error) {
        if (attempt === ATTEMPTS) {
          this.#lose(group.length, error instanceof Error ? `${error.name}: ${error.message}` : 'unknown')
          return
        }
        await this.#clock.sleep(FIRST_RETRY_MS * 2 ** (attempt - 1))
      }
    }
  }

  #lose(events: number, reason: string): void {
    this.#counts().eventsLost += events
    console.error(`SES simulator: ${events} event(s) lost (${reason})`)
  }
}
