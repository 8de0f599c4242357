import type { Process, World } from './process.ts'

const ASLEEP_MS = [300, 30_000] as const

/** All processes of the senders, which may fall asleep together and wake at the same moment. */
export function createHerd({ scheduler, faults }: World) {
  let senders: Process[] = []
  return {
    join(process: Process): void {
      if (process.room === 'sender') senders = [...senders.filter(sender => sender.alive()), process]
    },
    mayFreeze({ room }: Process, about: string): void {
      if (room !== 'sender' || !faults.fires('lambda-herd', about)) return
      const wakeAtMs = scheduler.now() + faults.random.acrossScales(...ASLEEP_MS)
      for (const sender of senders) if (sender.alive()) sender.freeze(wakeAtMs - scheduler.now())
    },
  }
}
