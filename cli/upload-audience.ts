import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Upload } from './api-answers.ts'
import { CommandFailure } from './command-failure.ts'

/** Looks at the audience file before anything is created for it. */
export async function checkAudienceFile(file: string): Promise<void> {
  const stats = await stat(file).catch(() => undefined)
  const remedy = 'Give a CSV or NDJSON file with --audience, such as examples/customers.csv.'
  if (stats === undefined) throw new CommandFailure(`There is no file ${file}.`, [remedy])
  if (!stats.isFile()) throw new CommandFailure(`${file} is not a file.`, [remedy])
  if (stats.size === 0) throw new CommandFailure(`${file} is empty.`, [remedy])
}

/** Puts the file where the API said, in one request of known length that is read from disk as it goes. */
export async function uploadAudience(file: string, { method, url, headers }: Upload): Promise<void> {
  const body = await openAsBlob(file)
  const response = await fetch(url, { method, headers, body }).catch((error: unknown) => {
    const reason = error instanceof Error ? (error.cause ?? error) : error
    throw new CommandFailure(`The upload of ${file} broke off: ${reason}`, ['Run the command again.'])
  })
  const answer = await response.text()
  if (response.ok) return
  const reason = /<Message>(.*?)<\/Message>/s.exec(answer)?.[1] ?? answer.slice(0, 200)
  throw new CommandFailure(`The upload of ${file} was refused (HTTP ${response.status}): ${reason}`, [
    'Run the command again. An upload address is valid for a few minutes only.',
  ])
}
