import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { buildSync } from 'esbuild'
import { type Room, roomBuild, roomFolder } from './room-build.ts'

export type { Room } from './room-build.ts'

/** Bundles a room in-process, rather than by NodejsFunction, which starts npx and esbuild's command line anew for each. */
export function bundleRoom(room: Room): Code {
  return Code.fromAsset(roomFolder(room), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: the bundle below is made or fails.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outputDir) {
          buildSync(roomBuild(room, outputDir))
          return true
        },
      },
    },
  })
}
