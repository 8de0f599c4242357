import { join } from 'node:path'
import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { buildSync } from 'esbuild'

/** The rooms of the upper floor: one Lambda function each. */
export type Room = 'api' | 'audience' | 'dispatcher' | 'sender' | 'feedback'

const root = join(import.meta.dirname, '..')

/** Some dependencies are CommonJS inside and call `require`, which an ES module does not have. */
const requireForCommonJs =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"

/**
 * Bundles a room with all it needs, the SDK too, whose retry rules are then the ones that were tested.
 * The bytes depend on the sources alone, so an unchanged room is not deployed again. Identifiers keep their names: a stack
 * trace stays readable without a source map, which would hold paths of the computer it was made on.
 *
 * In-process rather than by NodejsFunction, which starts npx and esbuild's command line anew for each room.
 */
export function bundleRoom(room: Room): Code {
  const roomFolder = join(root, 'functions', room)
  return Code.fromAsset(roomFolder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: the bundle below is made or fails.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outputDir) {
          buildSync({
            absWorkingDir: root,
            entryPoints: [join(roomFolder, 'handler.ts')],
            outfile: join(outputDir, 'index.mjs'),
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
          })
          return true
        },
      },
    },
  })
}
