import type { Message } from '@aws-sdk/client-sqs'

/** Lambda's event carries 6 MB; the rest of a record takes about a kilobyte beside its body. */
const BATCH_LIMIT_BYTES = 6_000_000
const RECORD_OVERHEAD_BYTES = 1_024
/** What one UTF-16 unit takes in JSON at most, as an escape. */
const UNIT_BYTES_MAX = 6

export interface BatchLimits {
  readonly batchSize: number
  readonly batchingWindowMs: number
}

/** Received messages on their way into batches: a batch is due when it is full, or when its first message has waited enough. */
export class PendingMessages {
  readonly #limits: BatchLimits
  readonly #waiting: { readonly message: Message; readonly receivedAtMs: number }[] = []

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
    for (const message of messages) this.#waiting.push({ message, receivedAtMs: nowMs })
  }

  /** The next batch, if it is due. */
  take(nowMs: number): readonly Message[] | undefined {
    const count = this.#fitting()
    const full = count === this.#limits.batchSize || count < this.#waiting.length
    if (count === 0 || !(full || nowMs >= (this.dueAtMs ?? 0))) return undefined
    return this.#waiting.splice(0, count).map(({ message }) => message)
  }

  #fitting(): number {
    const next = this.#waiting.slice(0, this.#limits.batchSize)
    const atMost = next.reduce((sum, { message }) => sum + bytesAtMost(message), 0)
    if (atMost <= BATCH_LIMIT_BYTES) return next.length
    let bytes = 0
    let count = 0
    for (const { message } of next) {
      bytes += bytesOf(message)
      if (count > 0 && bytes > BATCH_LIMIT_BYTES) break
      count += 1
    }
    return count
  }
}

const bytesAtMost = ({ Body = '' }: Message) => Body.length * UNIT_BYTES_MAX + RECORD_OVERHEAD_BYTES
const bytesOf = ({ Body = '' }: Message) => Buffer.byteLength(JSON.stringify(Body)) + RECORD_OVERHEAD_BYTES
