import path from 'node:path'
import { build, type Plugin } from 'esbuild'
import { projectRoot, roomBuild } from '../../cdk/room-build.ts'
import type { DrillCase } from './drill-cases.ts'

const faults = path.join(import.meta.dirname, 'faults')
const withoutGuard = path.join(faults, 'without-guard')
const inProject = (file: string) => path.join(projectRoot, file)

/** What stands in the way of a leak, and what a control run has in its place: with it the same faults must leak. */
const openWalls: ReadonlyMap<string, string> = new Map(
  [
    ['functions/sender/prepare-message.ts', 'prepare-message.js'],
    ['functions/ses/ses-mailer.ts', 'ses-mailer.js'],
  ].map(([module = '', open = '']) => [inProject(module), path.join(withoutGuard, open)]),
)

export interface FaultySenderOptions {
  readonly outputFolder: string
  /** The file whose appearance begins the fault. */
  readonly signal: string
  readonly withoutGuard: boolean
}

/**
 * Builds the sender as it is deployed, but for one module, which a faulty one replaces. The faults are plain JavaScript: the
 * types of the sender do not let them be written. Only the faulty module itself gets to see the honest one.
 */
export async function buildFaultySender(drillCase: DrillCase, options: FaultySenderOptions): Promise<void> {
  const replaced = new Set<string>()
  await build({
    ...roomBuild('sender', options.outputFolder),
    define: { FAULT: JSON.stringify(drillCase.fault), FAULT_SIGNAL: JSON.stringify(options.signal) },
    plugins: [replaceModules(drillCase, options.withoutGuard ? openWalls : new Map(), replaced)],
  })
  if (!replaced.has(inProject(drillCase.module))) {
    throw new Error(
      `The sender does not use ${drillCase.module} any more, so that "${drillCase.name}" would do nothing.`,
    )
  }
}

function replaceModules(
  { module, source }: DrillCase,
  open: ReadonlyMap<string, string>,
  replaced: Set<string>,
): Plugin {
  const faulty = new Map([[inProject(module), path.join(faults, source)]])
  const insteadOf = (honest: string, importer: string) => {
    const isOwn = importer === open.get(honest)
    if (isOwn) return undefined
    return path.dirname(importer) === faults ? open.get(honest) : (faulty.get(honest) ?? open.get(honest))
  }
  return {
    name: 'faults',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path: imported, resolveDir, importer }) => {
        const honest = path.resolve(resolveDir, imported)
        const instead = insteadOf(honest, importer)
        if (instead === undefined) return undefined
        replaced.add(honest)
        return { path: instead }
      }),
  }
}
