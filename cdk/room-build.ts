import { join } from 'node:path'
import type { BuildOptions } from 'esbuild'

/** The rooms of the upper floor: one Lambda function each. */
export type Room = 'api' | 'audience' | 'dispatcher' | 'sender' | 'feedback'

export const projectRoot = join(import.meta.dirname, '..')
export const roomFolder = (room: Room) => join(projectRoot, 'functions', room)

/** Some dependencies are CommonJS inside and call `require`, which an ES module does not have. */
const requireForCommonJs =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"

/**
 * How a room becomes one file with all it needs, the SDK too, whose retry rules are then the ones that were tested.
 * The bytes depend on the sources alone, so an unchanged room is not deployed again. Identifiers keep their names: a stack
 * trace stays readable without a source map, which would hold paths of the computer it was made on.
 */
export function roomBuild(room: Room, outputFolder: string) {
  return {
    absWorkingDir: projectRoot,
    entryPoints: [join(roomFolder(room), 'handler.ts')],
    outfile: join(outputFolder, 'index.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: requireForCommonJs },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  } satisfies BuildOptions
}
