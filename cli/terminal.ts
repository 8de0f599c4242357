import { createInterface } from 'node:readline/promises'
import { styleText } from 'node:util'

/** Where a command speaks, and whom it can ask. */
export interface Terminal {
  /** Results. */
  print(text: string): void
  /** Steps and progress, beside the results. */
  note(text: string): void
  /** Results too many for one text, as they come. */
  readonly results: NodeJS.WritableStream
  readonly notes: NodeJS.WriteStream | NodeJS.WritableStream
  /** Somebody is there to answer a question. */
  readonly canAsk: boolean
  ask(question: string): Promise<string>
  /** From now on Ctrl-C resolves this instead of ending the process. */
  interruption(): Promise<'interrupted'>
  readonly paint: Paint
}

type Format = Parameters<typeof styleText>[0]
/** Colours text where it will be seen, and leaves it alone elsewhere. */
export type Paint = (format: Format, text: string) => string

export const plain: Paint = (_, text) => text
export const paintFor =
  (stream: NodeJS.WriteStream): Paint =>
  (format, text) =>
    styleText(format, text, { stream })

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process
  return {
    print: text => stdout.write(`${text}\n`),
    note: text => stderr.write(`${text}\n`),
    results: stdout,
    notes: stderr,
    canAsk: stdin.isTTY && stderr.isTTY,
    ask: async question => {
      const lines = createInterface({ input: stdin, output: stderr })
      const closed = new Promise<string>(resolve => lines.once('close', () => resolve('')))
      const answer = await Promise.race([lines.question(question), closed])
      lines.close()
      return answer
    },
    interruption: () => new Promise(resolve => process.once('SIGINT', () => resolve('interrupted'))),
    paint: paintFor(stdout),
  }
}
