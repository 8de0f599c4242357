import type { Clock } from '../runtime/clock.ts'

/** Tells for how long a sender has had no call to SES under way, over all batches in its hands: waiting, too, costs money. */
export interface IdleMeter {
  callBegan(): void
  callEnded(): void
  /** Since the sender began. */
  idleMs(): number
}

export function createIdleMeter(clock: Clock): IdleMeter {
  let underWay = 0
  let idleSinceMs = clock.now()
  let idleBeforeMs = 0
  const idleMs = () => idleBeforeMs + (underWay === 0 ? clock.now() - idleSinceMs : 0)
  return {
    callBegan: () => {
      idleBeforeMs = idleMs()
      underWay++
    },
    callEnded: () => {
      underWay--
      idleSinceMs = clock.now()
    },
    idleMs,
  }
}
