import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CommandFailure } from './command-failure.ts'
import type { Terminal } from './terminal.ts'

export type Written = 'written' | 'interrupted'

/** Results as they come, no faster than they are read. */
export async function writeToTerminal(terminal: Terminal, texts: AsyncIterable<string>): Promise<Written> {
  try {
    await pipeline(Readable.from(texts), terminal.results, { end: false })
    return 'written'
  } catch (error) {
    throw error instanceof CommandFailure ? error : cannotWrite('The output', error)
  }
}

/** Before anything is asked for: addresses are not written over a file that somebody has. */
export async function checkNewFile(file: string): Promise<void> {
  const there = await stat(file).catch(() => undefined)
  if (there === undefined) return
  throw new CommandFailure(`${file} is there already.`, ['Give another name, or delete it first.'])
}

/**
 * A file that only its owner may read, as it holds addresses. It bears its name once it is whole; one that was broken off
 * leaves nothing behind.
 */
export async function writeToFile(terminal: Terminal, file: string, texts: AsyncIterable<string>): Promise<Written> {
  const part = `${file}.part`
  const aborter = new AbortController()
  terminal.interruption().then(() => aborter.abort())
  try {
    await pipeline(Readable.from(texts), createWriteStream(part, { mode: 0o600 }), { signal: aborter.signal })
    await rename(part, file)
    return 'written'
  } catch (error) {
    await rm(part, { force: true }).catch(() => {})
    if (aborter.signal.aborted) return 'interrupted'
    throw error instanceof CommandFailure ? error : cannotWrite(file, error)
  }
}

function cannotWrite(what: string, error: unknown): CommandFailure {
  const reason = error instanceof Error ? error.message : String(error)
  return new CommandFailure(`${what} could not be written: ${reason}`, [
    'Make room, or write elsewhere with --out FILE.',
  ])
}
