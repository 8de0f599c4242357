import { Writable } from 'node:stream'
import { plain, type Terminal } from '../../cli/terminal.ts'

export interface ScriptedTerminal extends Terminal {
  readonly printed: string[]
  readonly noted: string[]
  readonly asked: string[]
  interrupt(): void
}

/** A terminal that keeps what it is told. With an answer, somebody is there to give it. */
export function scriptedTerminal(answer?: string): ScriptedTerminal {
  const printed: string[] = []
  const noted: string[] = []
  const asked: string[] = []
  const { promise, resolve } = Promise.withResolvers<'interrupted'>()
  const notes = new Writable({
    write: (chunk, _encoding, done) => {
      noted.push(String(chunk).trimEnd())
      done()
    },
  })
  const results = new Writable({
    write: (chunk, _encoding, done) => {
      printed.push(String(chunk).trimEnd())
      done()
    },
  })
  return {
    ...{ printed, noted, asked, results, notes, paint: plain },
    print: text => printed.push(text),
    note: text => noted.push(text),
    canAsk: answer !== undefined,
    ask: question => {
      asked.push(question)
      return Promise.resolve(answer ?? '')
    },
    interruption: () => promise,
    interrupt: () => resolve('interrupted'),
  }
}
