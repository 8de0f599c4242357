import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/** A file that only grows. What is appended while a write is under way goes out together with the next one. */
export class AppendFile {
  readonly #path: string
  readonly #handle: FileHandle
  #pending: Buffer[] = []
  #writing: Promise<void> = Promise.resolve()
  #nextWrite: Promise<void> | undefined
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
    this.#nextWrite ??= this.#writing.then(() => {
      const chunks = this.#pending
      this.#pending = []
      this.#nextWrite = undefined
      this.#writing = this.#handle.appendFile(Buffer.concat(chunks))
      return this.#writing
    })
    return this.#nextWrite
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
    await (this.#nextWrite ?? this.#writing)
  }
}
