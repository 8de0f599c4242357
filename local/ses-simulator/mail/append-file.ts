import { createReadStream, writeSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * A file that only grows. What is appended in one turn of the event loop goes out together, and at once: a write to the page
 * cache takes microseconds, and a thread of the pool ten times as many to be told of it.
 */
export class AppendFile {
  readonly #path: string
  readonly #handle: FileHandle
  #pending: Buffer[] = []
  #write: Promise<void> | undefined
  #last: Promise<void> = Promise.resolve()
  #length = 0

  private constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  static async create(path: string): Promise<AppendFile> {
    return new AppendFile(path, await open(path, 'ax+', 0o600))
  }

  /** Bytes appended, written or not. */
  get length(): number {
    return this.#length
  }

  /** Resolves when the bytes are in the file. After a failed write, every further one fails. */
  append(bytes: Buffer): Promise<void> {
    this.#length += bytes.length
    this.#pending.push(bytes)
    this.#write ??= this.#writeNextTurn()
    return this.#write
  }

  async read(offset: number, length: number): Promise<Buffer> {
    await this.#flushed()
    const bytes = Buffer.alloc(length)
    await this.#handle.read(bytes, 0, length, offset)
    return bytes
  }

  /** The lines from `offset`, where one begins, to what is the end when it is called. */
  async *lines(offset: number): AsyncGenerator<string> {
    const end = this.#length
    await this.#flushed()
    if (offset >= end) return
    yield* createInterface({ input: createReadStream(this.#path, { start: offset, end: end - 1 }) })
  }

  async close(): Promise<void> {
    await this.#flushed().finally(() => this.#handle.close())
  }

  async #flushed(): Promise<void> {
    await (this.#write ?? this.#last)
  }

  #writeNextTurn(): Promise<void> {
    const before = this.#last
    this.#last = nextTurn().then(async () => {
      const chunks = this.#pending
      this.#pending = []
      this.#write = undefined
      await before
      const bytes = Buffer.concat(chunks)
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#handle.fd, bytes, written)
    })
    return this.#last
  }
}
