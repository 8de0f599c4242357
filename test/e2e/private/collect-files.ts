import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Evidence, Place } from './evidence.ts'

/** Where the files of a local stack belong, by their path in its state directory. The first that fits counts. */
const homes: readonly { readonly path: RegExp; readonly place: Place | 'excluded' }[] = [
  { path: /^s3\/\d+-[^%]+%2F(uploads|audiences)%2F/, place: 'excluded' },
  { path: /^ses\//, place: 'excluded' },
  { path: /^s3\//, place: 'stored object' },
  { path: /^assembly\//, place: 'template' },
  { path: /^logs\//, place: 'function log' },
  { path: /./, place: 'state file' },
]

/** Takes in every file under the state directory whose place is one of these; a file's name is written too. */
export function collectFiles(evidence: Evidence, stateDirectory: string, wanted: (place: Place) => boolean): void {
  for (const entry of readdirSync(stateDirectory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = path.join(entry.parentPath, entry.name)
    const name = path.relative(stateDirectory, file)
    const home = homes.find(({ path: fits }) => fits.test(name))?.place ?? 'excluded'
    if (home === 'excluded' || !wanted(home) || isCode(name)) continue
    evidence.add(home, name, readFileSync(file, 'latin1'))
    evidence.add(home, name, readFileSync(file, 'utf8'))
  }
}

/** Bundles and their maps are made before there is a customer, and are megabytes. */
const isCode = (name: string) => /^assembly\/.*\.(m?js|map)$/.test(name)

/** The objects of the bucket whose keys are wanted. */
export function readObjects(stateDirectory: string, wanted: RegExp): readonly { key: string; bytes: Buffer }[] {
  const folder = path.join(stateDirectory, 's3')
  return readdirSync(folder)
    .map(name => ({ key: decodeURIComponent(name.replace(/^\d+-/, '')).replace(/^[^/]*\//, ''), name }))
    .filter(({ key }) => wanted.test(key))
    .map(({ key, name }) => ({ key, bytes: readFileSync(path.join(folder, name)) }))
}
