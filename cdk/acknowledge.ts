import { Stack, Validations } from 'aws-cdk-lib'
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js'
import type { RoomFunction } from './room-function.ts'

/**
 * Says of one wildcard in the permissions of one room why it stays, where cdk-nag's AwsSolutions checks find it. Whatever else they
 * find ends synth (`cdk/checked-app.ts`).
 */
export function acknowledgeWildcard(room: RoomFunction, arn: string, reason: string): void {
  if (room.role === undefined) throw new TypeError('A room has a role')
  const asFound = flattenCfnReference(Stack.of(room).resolve(arn))
  Validations.of(room.role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${asFound}]`, reason })
}
