import { type Room, rooms, type Usage } from '../../functions/cost/usage.ts'
import type { MeasuredUsage } from './measure-usage.ts'
import type { MemoryOfRooms } from './usage-of-case.ts'

export interface Compared {
  readonly what: string
  readonly virtual: number
  readonly live: number
}

export interface LiveComparison {
  readonly rate: number
  readonly recipients: number
  readonly rows: readonly Compared[]
}

/** What a recipient took on the local stack, beside what it took in virtual time: as far as both can count it. */
export function compareLive(written: Usage, live: MeasuredUsage, memoryMb: MemoryOfRooms): LiveComparison {
  const { rate, recipients, functions } = live
  const each = (amount: number) => amount / recipients
  const units = (...operations: readonly string[]) =>
    each(operations.reduce((sum, operation) => sum + (live.calls[`DYNAMODB ${operation}`]?.units ?? 0), 0))
  const gbSeconds = (room: Room) => each(((functions[room]?.billedMs ?? 0) / 1_000) * (memoryMb[room] / 1_024))
  const s3 = Object.entries(live.calls).filter(([name]) => name.startsWith('S3 '))
  const logBytes = Object.entries(live.logBytes).filter(([file]) => rooms.some(room => file.startsWith(room)))
  const rows: readonly Compared[] = [
    { what: 'write units', virtual: written.writeUnits, live: units('PutItem', 'UpdateItem', 'BatchWriteItem') },
    { what: 'read units', virtual: written.readUnits, live: units('GetItem', 'Query') },
    ...rooms.map(room => ({ what: `GB s, ${room}`, virtual: written.gbSeconds[room], live: gbSeconds(room) })),
    {
      what: 'calls of S3',
      virtual: written.s3Gets + written.s3Puts,
      live: each(s3.reduce((sum, [, { calls }]) => sum + calls, 0)),
    },
    { what: 'events', virtual: written.snsPublishes, live: each(live.events) },
    {
      what: 'bytes of log, metrics with them',
      virtual: written.logBytes,
      live: each(logBytes.reduce((sum, [, size]) => sum + size, 0)),
    },
  ]
  return { rate, recipients, rows }
}
