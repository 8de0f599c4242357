import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Where a stack keeps what it needs while it runs. */
export interface StateDirectory {
  readonly directory: string
  readonly assembly: string
  readonly logs: string
  readonly spool: string
  /** Of the local KMS. */
  readonly rootKey: string
  /** Removes it; of a directory that the caller named, the logs and the root key stay. */
  close(): void
}

/** All that a stack makes anew in its directory. A named directory may hold things of the caller's, which nobody touches. */
const folders = ['assembly', 's3', 'ses'] as const

export function openStateDirectory(named: string | undefined): StateDirectory {
  const directory = named === undefined ? mkdtempSync(path.join(tmpdir(), 'onlyto-')) : path.resolve(named)
  const state: StateDirectory = {
    directory,
    assembly: path.join(directory, 'assembly'),
    logs: path.join(directory, 'logs'),
    spool: path.join(directory, 'ses'),
    rootKey: path.join(directory, 'kms', 'root-key'),
    close: () => remove(named === undefined ? [directory] : folders.map(folder => path.join(directory, folder))),
  }
  if (named !== undefined) remove([...folders, 'logs'].map(folder => path.join(directory, folder)))
  for (const folder of [state.logs, state.spool]) mkdirSync(folder, { recursive: true })
  return state
}

function remove(targets: readonly string[]): void {
  for (const target of targets) rmSync(target, { recursive: true, force: true, maxRetries: 3 })
}
