import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { AppendFile } from './append-file.ts'

const keptMessageSchema = z.strictObject({
  messageId: z.string(),
  acceptedAtMs: z.number(),
  from: z.string(),
  /** Every recipient of the envelope: To, Cc and Bcc. */
  to: z.array(z.string()),
  /** Where its request lies in the file of requests. */
  offset: z.number(),
  length: z.number(),
})
export type KeptMessage = z.infer<typeof keptMessageSchema>
export type StoredMessage = KeptMessage & { readonly request: string }

interface Files {
  readonly messages: AppendFile
  readonly requests: AppendFile
  /** Where each message begins in the file of messages. */
  readonly offsets: number[]
}

/**
 * Every accepted message, on disk: one line of JSON a message in one file, the bytes of its request in another.
 * Memory holds one number a message.
 */
export class MessageSpool {
  readonly #directory: string
  readonly #isTemporary: boolean
  #generation = 1
  #files: Files

  private constructor(directory: string, isTemporary: boolean, files: Files) {
    this.#directory = directory
    this.#isTemporary = isTemporary
    this.#files = files
  }

  static async open(parent: string | undefined): Promise<MessageSpool> {
    if (parent !== undefined) await mkdir(parent, { recursive: true })
    const directory = await mkdtemp(join(parent ?? tmpdir(), 'ses-simulator-'))
    return new MessageSpool(directory, parent === undefined, await createFiles(directory, 1))
  }

  /** Messages kept. */
  get count(): number {
    return this.#files.offsets.length
  }

  /** Raised by clear(): indices of an older generation mean nothing any more. */
  get generation(): number {
    return this.#generation
  }

  /** Resolves when the message is on disk. */
  async keep(message: Omit<KeptMessage, 'offset' | 'length'>, request: Buffer): Promise<void> {
    const { messages, requests, offsets } = this.#files
    const line = JSON.stringify({ ...message, offset: requests.length, length: request.length })
    offsets.push(messages.length)
    await Promise.all([messages.append(Buffer.from(`${line}\n`)), requests.append(request)])
  }

  /** Messages from the `from`th (counting from 0) to the last there is now. */
  async *readFrom(from: number): AsyncGenerator<KeptMessage> {
    const { messages, offsets } = this.#files
    const offset = offsets[from]
    if (offset === undefined) return
    for await (const line of messages.lines(offset)) yield keptMessageSchema.parse(JSON.parse(line))
  }

  async *readRequestsFrom(from: number): AsyncGenerator<StoredMessage> {
    const { requests } = this.#files
    for await (const message of this.readFrom(from)) {
      const request = await requests.read(message.offset, message.length)
      yield { ...message, request: request.toString() }
    }
  }

  /** Forgets every message. Readers under way end with an error. */
  async clear(): Promise<void> {
    const old = this.#files
    this.#generation += 1
    this.#files = await createFiles(this.#directory, this.#generation)
    await Promise.all([old.messages.close(), old.requests.close()])
    await removeFiles(this.#directory, this.#generation - 1)
  }

  async close(): Promise<void> {
    await Promise.all([this.#files.messages.close(), this.#files.requests.close()])
    if (this.#isTemporary) await rm(this.#directory, { recursive: true, force: true })
  }
}

const messagesFile = (generation: number) => `messages-${generation}.ndjson`
const requestsFile = (generation: number) => `requests-${generation}`

async function createFiles(directory: string, generation: number): Promise<Files> {
  const messages = await AppendFile.create(join(directory, messagesFile(generation)))
  const requests = await AppendFile.create(join(directory, requestsFile(generation)))
  return { messages, requests, offsets: [] }
}

async function removeFiles(directory: string, generation: number): Promise<void> {
  await rm(join(directory, messagesFile(generation)))
  await rm(join(directory, requestsFile(generation)))
}
