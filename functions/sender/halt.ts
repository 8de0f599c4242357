import type { Clock } from '../runtime/clock.ts'
import type { LeakAlarm } from './leak-alarm.ts'
import type { Lease } from './lease.ts'
import type { NoticeWatch } from './notice-watch.ts'

/** Why sending ended before every message had its answer. */
export type Halt =
  | { readonly kind: 'stopped' }
  /** An urgent notice goes first. */
  | { readonly kind: 'gives-way' }
  | { readonly kind: 'lease-lost' }
  | { readonly kind: 'time-limit' }
  /** The lane's pacer has no slot to give: no rate was granted yet, or all for the next minutes are taken. */
  | { readonly kind: 'no-slot' }
  /** The 24-hour quota is used up. */
  | { readonly kind: 'hold' }
  /** So many answers were lost that SES is taken to be failing. */
  | { readonly kind: 'unsure' }
  /** The leak guard has refused a message of the notice in this sender: nothing of it may leave until a human has looked. */
  | { readonly kind: 'leak' }
  /** No message of this notice would be accepted; `everywhere`: none of any notice. */
  | { readonly kind: 'refused'; readonly everywhere: boolean; readonly reason: string }

export interface Obstacles {
  readonly watch: NoticeWatch
  readonly lease: Lease
  readonly alarm: LeakAlarm
  readonly clock: Clock
  /** From this moment on no slots are taken, nor is begun with those that were. */
  readonly deadlineMs: number
}

/** What stands against starting another call, if anything does. */
export function obstacle({ watch, lease, alarm }: Pick<Obstacles, 'watch' | 'lease' | 'alarm'>): Halt | undefined {
  if (alarm.raised()) return { kind: 'leak' }
  if (watch.stopped()) return { kind: 'stopped' }
  return lease.held() ? undefined : { kind: 'lease-lost' }
}

/** What stands against taking slots that lie ahead by so much: those that nobody uses are lost to all. */
export function obstacleAhead(send: Obstacles, aheadMs: number): Halt | undefined {
  if (send.watch.givesWay()) return { kind: 'gives-way' }
  return send.clock.now() + aheadMs >= send.deadlineMs ? { kind: 'time-limit' } : obstacle(send)
}
