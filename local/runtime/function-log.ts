import { createWriteStream, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { MetricSums } from './metric-sums.ts'

/** What the processes of one function write, in one file. Lines in the embedded metric format are also summed. */
export class FunctionLog {
  readonly #file: WriteStream
  readonly #metrics: MetricSums
  readonly #following = new Set<Promise<unknown>>()

  constructor(filePath: string, metrics: MetricSums) {
    this.#file = createWriteStream(filePath, { flags: 'a' })
    this.#metrics = metrics
  }

  follow(output: Readable | null): void {
    if (output === null) return
    const lines = createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY })
    lines.on('line', line => {
      this.#file.write(`${line}\n`)
      if (line.includes('"_aws"')) this.#metrics.add(line)
    })
    const end = finished(output).catch(() => undefined)
    this.#following.add(end)
    void end.then(() => this.#following.delete(end))
  }

  /** Waits for the output that is on its way. */
  async close(): Promise<void> {
    await Promise.all(this.#following)
    this.#file.end()
    await finished(this.#file).catch(() => undefined)
  }
}
