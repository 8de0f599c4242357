import { createTransport } from 'nodemailer'
import type { SimulatorStats } from '../stats.ts'
import type { MessageSpool } from './message-spool.ts'
import { composeMime } from './mime.ts'

const CONNECTIONS = 4

/**
 * Hands every kept message to an SMTP server, once, in the order of acceptance and behind the answer to the sender.
 * A message that the server does not take is counted and not tried again.
 */
export class SmtpRelay {
  readonly #spool: MessageSpool
  readonly #stats: () => SimulatorStats
  readonly #transport
  #generation = 0
  #next = 0
  #running: Promise<void> | undefined
  #closed = false

  constructor(server: { host: string; port: number }, spool: MessageSpool, stats: () => SimulatorStats) {
    this.#spool = spool
    this.#stats = stats
    this.#transport = createTransport({
      ...server,
      pool: true,
      maxConnections: CONNECTIONS,
      maxMessages: Number.POSITIVE_INFINITY,
      secure: false,
      ignoreTLS: true,
    })
  }

  /** There is a new message. */
  wake(): void {
    if (this.#closed || this.#running !== undefined) return
    this.#running = this.#relayKept().finally(() => {
      this.#running = undefined
      if (this.#spool.generation !== this.#generation || this.#next < this.#spool.count) this.wake()
    })
  }

  /** Relays what is kept, then ends. */
  async close(): Promise<void> {
    while (this.#running !== undefined) await this.#running
    this.#closed = true
    this.#transport.close()
  }

  async #relayKept(): Promise<void> {
    if (this.#generation !== this.#spool.generation) {
      this.#generation = this.#spool.generation
      this.#next = 0
    }
    const sending = new Set<Promise<void>>()
    try {
      for await (const message of this.#spool.readRequestsFrom(this.#next)) {
        if (this.#generation !== this.#spool.generation) break
        this.#next += 1
        const sent = this.#send(await composeMime(message), message).finally(() => sending.delete(sent))
        sending.add(sent)
        if (sending.size >= 2 * CONNECTIONS) await Promise.race(sending)
      }
    } catch (error) {
      // Deleting the messages takes their files away under a reader.
      if (this.#generation === this.#spool.generation) throw error
    }
    await Promise.all(sending)
  }

  async #send(raw: Buffer, { from, to }: { from: string; to: string[] }): Promise<void> {
    try {
      await this.#transport.sendMail({ envelope: { from, to }, raw })
      this.#stats().relayed += 1
    } catch {
      this.#stats().relayFailed += 1
    }
  }
}
