import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { buildApp } from '../../cdk/notifier-app.ts'
import type { apiEnvironment } from '../../functions/api/env.ts'
import type { EnvironmentOf } from '../../functions/runtime/environment.ts'
import { emptyFolder, goodInputs } from './template.ts'

const root = join(import.meta.dirname, '../..')
const bin = join(root, 'node_modules/.bin')

/** What is deployed: the template and all that lies in the bundles, by path and digest. */
function deployable(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .filter(path => path === 'OnlyTo.template.json' || path.startsWith('asset.'))
  const digest = (path: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex')
  return Object.fromEntries(paths.sort().map(path => [path, digest(path)]))
}

function synthesiseHere(): string {
  const outdir = emptyFolder()
  buildApp({ context: goodInputs, outdir }).synth()
  return outdir
}

/** The CDK's command line, as npx runs it: with the project's own Node first in the path. */
async function cdk(...args: readonly string[]): Promise<{ code: unknown; said: string }> {
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env['PATH']}`,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  try {
    const { stdout, stderr } = await promisify(execFile)(join(bin, 'cdk'), args, { cwd: root, env })
    return { code: 0, said: stdout + stderr }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'stderr' in error)) throw error
    return { code: error.code, said: String(error.stderr) }
  }
}

describe('synth', { timeout: 120_000 }, () => {
  it('gives the same bytes twice, here and from the command line', async () => {
    const outdir = emptyFolder()
    const first = deployable(synthesiseHere())
    expect(Object.keys(first)).toHaveLength(1 + 5)
    expect(deployable(synthesiseHere())).toEqual(first)
    const { sender, alarmEmail } = goodInputs
    const context = ['-c', `sender=${sender}`, '-c', `alarmEmail=${alarmEmail}`]
    const { code } = await cdk('synth', ...context, '--quiet', '--output', outdir)
    expect(code).toBe(0)
    expect(deployable(outdir)).toEqual(first)
  })

  it('leaves no path of this computer in what is deployed', () => {
    const folder = synthesiseHere()
    for (const path of Object.keys(deployable(folder))) {
      expect(readFileSync(join(folder, path), 'utf8').includes(root), path).toBe(false)
    }
  })

  it('without inputs ends with what to pass, and no stack trace', async () => {
    const { code, said } = await cdk('synth', '--quiet', '--output', emptyFolder())
    expect(code).toBe(1)
    expect(said).toContain('sender is missing')
    expect(said).toContain('-c alarmEmail=ops@example.com')
    expect(said).not.toMatch(/^\s+at /m)
  })
})

it('a missing or superfluous key of an environment does not compile', () => {
  // @ts-expect-error: AUDIENCE_BUCKET and others are missing
  const tooFew: EnvironmentOf<typeof apiEnvironment> = { NOTICES_TABLE: 'notices' }
  const tooMany: EnvironmentOf<typeof apiEnvironment> = {
    NOTICES_TABLE: 'notices',
    AUDIENCE_BUCKET: 'bucket',
    DISPATCHER_FUNCTION: 'dispatcher',
    SENDER_IDENTITY: 'example.com',
    // @ts-expect-error: nobody reads it
    LOG_LEVEL: 'INFO',
  }
  expect(Object.keys({ ...tooFew, ...tooMany })).toHaveLength(5)
})
