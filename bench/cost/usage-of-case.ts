import type { Room, UsageAtRate } from '../../functions/cost/usage.ts'
import type { CaseResult } from '../performance/case-result.ts'
import type { VirtualUsage } from './metered-services.ts'

/** As the constructs of the stack have it, in MB. */
export type MemoryOfRooms = Readonly<Record<Room, number>>

/** Lambda fetches up to ten messages a call, and deletes as many. */
const MESSAGES_PER_REQUEST = 10
const EVENTS_PER_RECIPIENT = 2
/** Of what the functions print, metrics with it: counted on the local stack, by `npm run bench:cost -- --live`. */
const LOG_BYTES = 4

/** What a metered case took of each recipient. */
export function usageOfCase({ planned, accepted, usage = {} }: CaseResult, memoryMb: MemoryOfRooms): UsageAtRate {
  const each = (amount: number) => amount / accepted
  const calls = (...names: readonly string[]) => names.reduce((sum, name) => sum + (usage[name]?.calls ?? 0), 0)
  const units = (...names: readonly string[]) => names.reduce((sum, name) => sum + (usage[name]?.units ?? 0), 0)
  const gbSeconds = (room: Room) => each((units(`function ${room}`) / 1_000) * (memoryMb[room] / 1_024))
  const pointers = Math.ceil(accepted / 100)
  return {
    ratePerSecond: planned.ratePerSecond,
    writeUnits: each(units('dynamodb PutItem', 'dynamodb UpdateItem', 'dynamodb BatchWriteItem')),
    readUnits: each(units('dynamodb GetItem', 'dynamodb Query', 'dynamodb BatchGetItem')),
    gbSeconds: {
      api: gbSeconds('api'),
      audience: gbSeconds('audience'),
      dispatcher: gbSeconds('dispatcher'),
      sender: gbSeconds('sender'),
      feedback: gbSeconds('feedback'),
    },
    invocations: each(callsBeginningWith(usage, 'function ')),
    sqsRequests:
      each(callsBeginningWith(usage, 'sqs ') + 2 * pointers) + (2 * EVENTS_PER_RECIPIENT) / MESSAGES_PER_REQUEST,
    snsPublishes: EVENTS_PER_RECIPIENT,
    s3Puts: each(calls('s3 PUT', 's3 POST')),
    s3Gets: each(calls('s3 GET', 's3 HEAD')),
    httpApiRequests: each(calls('function api')),
    kmsRequests: each(callsBeginningWith(usage, 'kms ')),
    logBytes: LOG_BYTES,
  }
}

function callsBeginningWith(usage: VirtualUsage, beginning: string): number {
  return Object.entries(usage).reduce((sum, [name, { calls }]) => sum + (name.startsWith(beginning) ? calls : 0), 0)
}
