import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { roomBuild } from '../../../cdk/room-build.ts'
import { type DrillCase, drillCases } from '../../../local/drill/drill-cases.ts'
import { buildFaultySender } from '../../../local/drill/faulty-sender.ts'

const folder = () => {
  const made = mkdtempSync(path.join(tmpdir(), 'onlyto-faulty-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}
const read = (outputFolder: string) => readFileSync(path.join(outputFolder, 'index.mjs'), 'utf8')

async function bundleOf(drillCase: DrillCase, withoutGuard = false): Promise<string> {
  const outputFolder = folder()
  await buildFaultySender(drillCase, { outputFolder, signal: '/nowhere/begin', withoutGuard })
  return read(outputFolder)
}

/** One case of each faulty module. */
const oneOfEach = [...Map.groupBy(drillCases, ({ source }) => source).values()].flatMap(([first]) => first ?? [])

let honest = ''
beforeAll(async () => {
  const outputFolder = mkdtempSync(path.join(tmpdir(), 'onlyto-honest-'))
  await build(roomBuild('sender', outputFolder))
  honest = read(outputFolder)
  rmSync(outputFolder, { recursive: true, force: true })
})

test.each(oneOfEach.map(drillCase => [drillCase.source, drillCase] as const))(
  'a sender with %s is the deployed one but for that module, and begins with the signal',
  async (_, drillCase) => {
    const faulty = await bundleOf(drillCase)
    expect(honest).not.toContain('/nowhere/begin')
    expect(faulty).toContain('/nowhere/begin')
    expect(faulty).toContain('leakGuardWireCheck')
    expect(faulty).toContain('crossedRow')
    expect(faulty.length - honest.length).toBeLessThan(5_000)
  },
)

test('a control run has neither the check of the wire nor that of the seal', async () => {
  for (const drillCase of oneOfEach.slice(-2)) {
    const open = await bundleOf(drillCase, true)
    expect(open).toContain('/nowhere/begin')
    expect(open).not.toContain('leakGuardWireCheck')
    expect(open).not.toContain('crossedRow')
  }
})

test('a module that the sender no longer uses is an error, and no drill that shows nothing', async () => {
  const [first] = drillCases
  const stale = { ...first, module: 'functions/feedback/read-event.ts' } as DrillCase
  await expect(bundleOf(stale)).rejects.toThrow('does not use functions/feedback/read-event.ts any more')
})
