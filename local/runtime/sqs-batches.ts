import type { Message } from '@aws-sdk/client-sqs'

/** Lambda's event carries 6 MB; the rest of a record takes about a kilobyte beside its body. */
const BATCH_LIMIT_BYTES = 6_000_000
const RECORD_OVERHEAD_BYTES = 1_024

export interface BatchLimits {
  readonly batchSize: number
  readonly batchingWindowMs: number
}

/** Received messages on their way into batches: a batch is due when it is full, or when its first message has waited enough. */
export class PendingMessages {
  readonly #limits: BatchLimits
  readonly #waiting: { readonly message: Message; readonly bytes: number; readonly receivedAtMs: number }[] = []

  constructor(limits: BatchLimits) {
    this.#limits = limits
  }

  get count(): number {
    return this.#waiting.length
  }

  /** When the next batch is due, if no more messages come. */
  get dueAtMs(): number | undefined {
    const [first] = this.#waiting
    return first && first.receivedAtMs + this.#limits.batchingWindowMs
  }

  add(messages: readonly Message[], nowMs: number): void {
    for (const message of messages) {
      const bytes = Buffer.byteLength(JSON.stringify(message.Body ?? '')) + RECORD_OVERHEAD_BYTES
      this.#waiting.push({ message, bytes, receivedAtMs: nowMs })
    }
  }

  /** The next batch, if it is due. */
  take(nowMs: number): readonly Message[] | undefined {
    const count = this.#fitting()
    const full = count === this.#limits.batchSize || count < this.#waiting.length
    if (count === 0 || !(full || nowMs >= (this.dueAtMs ?? 0))) return undefined
    return this.#waiting.splice(0, count).map(({ message }) => message)
  }

  #fitting(): number {
    let bytes = 0
    let count = 0
    for (const pending of this.#waiting.slice(0, this.#limits.batchSize)) {
      bytes += pending.bytes
      if (count > 0 && bytes > BATCH_LIMIT_BYTES) break
      count += 1
    }
    return count
  }
}
