import { setTimeout as delay } from 'node:timers/promises'
import type { Message } from '@aws-sdk/client-sqs'
import type { SQSEvent } from 'aws-lambda'
import type { SqsCalls } from '../services/sqs-calls.ts'
import type { EventSourceDefinition } from '../template/deployment.ts'
import type { Invocation } from './invocation.ts'
import { PendingMessages } from './sqs-batches.ts'
import { handledMessages, recordOf } from './sqs-records.ts'

/** The most that SQS gives or forgets in one call, and the longest that it waits for a message. */
const CALL_SIZE = 10
const LONG_POLL_SECONDS = 20
/** Enough receive calls at once for thousands of messages a second. */
const MAX_RECEIVERS = 4
const ERROR_PAUSE_MS = 1_000

export interface SqsEventSourceOptions {
  readonly definition: EventSourceDefinition
  readonly queueUrl: string
  readonly queueArn: string
  readonly region: string
  readonly calls: SqsCalls
  readonly invoke: (event: SQSEvent) => Promise<Invocation>
  /** A receive or delete call that failed; the source goes on. */
  readonly onFault: (fault: unknown) => void
}

/**
 * Lambda's event source mapping for one queue. At most `maximumConcurrency` invocations run at once, and no more messages are
 * taken than those can hold, so that none waits here while its visibility time-out runs. Only what an invocation reports as
 * handled is deleted; the rest comes back from the queue.
 */
export class SqsEventSource {
  readonly #options: SqsEventSourceOptions
  readonly #pending: PendingMessages
  readonly #stop = new AbortController()
  readonly #working = new Set<Promise<void>>()
  #receivers = 0
  /** Messages that the receivers have asked for. */
  #asked = 0
  #invocations = 0
  #windowTimer: NodeJS.Timeout | undefined

  constructor(options: SqsEventSourceOptions) {
    this.#options = options
    this.#pending = new PendingMessages(options.definition)
    this.#receiveMore(1)
  }

  /** Stops receiving at once. What is being invoked goes on until its function's pool is closed. */
  async close(): Promise<void> {
    this.#stop.abort()
    clearTimeout(this.#windowTimer)
    await Promise.all(this.#working)
  }

  /** Another receiver when the last one came back full, at least one whenever there is room. */
  #receiveMore(wanted: number): void {
    if (this.#stop.signal.aborted) return
    while (this.#receivers < Math.min(wanted, MAX_RECEIVERS) && this.#room() > 0) {
      const count = Math.min(CALL_SIZE, this.#room())
      this.#receivers += 1
      this.#asked += count
      this.#track(this.#receive(count))
    }
  }

  /** Messages that may still be asked for. */
  #room(): number {
    const { batchSize, maximumConcurrency } = this.#options.definition
    return (maximumConcurrency - this.#invocations) * batchSize - this.#pending.count - this.#asked
  }

  async #receive(count: number): Promise<void> {
    const received = await this.#ask(count)
    this.#receivers -= 1
    this.#asked -= count
    if (this.#stop.signal.aborted) return
    this.#pending.add(received, performance.now())
    this.#dispatch()
    this.#receiveMore(received.length === count ? this.#receivers + 2 : 1)
  }

  async #ask(count: number): Promise<readonly Message[]> {
    const { calls, queueUrl, onFault } = this.#options
    const { signal } = this.#stop
    try {
      return await calls.receive(queueUrl, { count, waitSeconds: LONG_POLL_SECONDS, signal })
    } catch (error) {
      if (signal.aborted) return []
      onFault(error)
      await delay(ERROR_PAUSE_MS, undefined, { signal }).catch(() => undefined)
      return []
    }
  }

  #dispatch(): void {
    clearTimeout(this.#windowTimer)
    const { maximumConcurrency } = this.#options.definition
    while (this.#invocations < maximumConcurrency) {
      const batch = this.#pending.take(performance.now())
      if (batch === undefined) break
      this.#invocations += 1
      this.#track(this.#handle(batch))
    }
    const { dueAtMs } = this.#pending
    if (dueAtMs === undefined || this.#invocations >= maximumConcurrency) return
    this.#windowTimer = setTimeout(() => this.#dispatch(), Math.max(1, dueAtMs - performance.now()))
  }

  async #handle(batch: readonly Message[]): Promise<void> {
    const { definition, queueArn, region, invoke } = this.#options
    const invocation = await invoke({ Records: batch.map(message => recordOf(message, queueArn, region)) })
    if (invocation.kind === 'returned') {
      await this.#forget(handledMessages(batch, invocation.payload, definition.reportsItemFailures))
    }
    this.#invocations -= 1
    if (this.#stop.signal.aborted) return
    this.#dispatch()
    this.#receiveMore(1)
  }

  async #forget(messages: readonly Message[]): Promise<void> {
    const { calls, queueUrl, onFault } = this.#options
    const handles = messages.map(({ ReceiptHandle = '' }) => ReceiptHandle)
    const starts = Array.from({ length: Math.ceil(messages.length / CALL_SIZE) }, (_, index) => index * CALL_SIZE)
    const deletions = starts.map(start => calls.delete(queueUrl, handles.slice(start, start + CALL_SIZE)))
    for (const outcome of await Promise.allSettled(deletions)) {
      if (outcome.status === 'rejected') onFault(outcome.reason)
    }
  }

  #track(work: Promise<void>): void {
    const tracked = work.catch(this.#options.onFault).finally(() => this.#working.delete(tracked))
    this.#working.add(tracked)
  }
}
