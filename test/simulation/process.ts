import type { Clock } from '../../functions/runtime/clock.ts'
import type { Faults } from './faults.ts'
import type { History } from './history.ts'
import type { Happening, Scheduler } from './scheduler.ts'
import type { SeededRandom } from './seeded-random.ts'

export interface World {
  readonly scheduler: Scheduler
  readonly history: History
  readonly faults: Faults
  readonly random: SeededRandom
}

/**
 * One execution environment. Whatever it waits for reaches it through `deliver`: once it is dead nothing does, so that it
 * never runs on; while it is frozen, or between two invocations, what comes for it is held back.
 */
export interface Process {
  readonly name: string
  readonly room: string
  readonly random: SeededRandom
  /** Its own view of time. */
  readonly clock: Clock
  /** The number of the invocation that it works on. */
  readonly invocation: number
  readonly faultsMet: number
  alive(): boolean
  die(cause: string): void
  /** Dies where it is, unless faults have ended meanwhile: then it goes on. */
  crash(where: string, goOn: () => void): void
  freeze(durationMs: number): void
  deliver(timeMs: number, action: () => void): void
  /** A fault that its work meets. */
  meetFault(): void
  begin(invocation: number, onDeath: (cause: string) => void): void
  /** The invocation has ended: held back from here on until the next begins. */
  rest(): void
}

const SKEW_MS = 50
const LATE_TIMER_MS = [5, 800] as const
const FREEZE_MS = [300, 120_000] as const

export const never = <T>(): Promise<T> => new Promise(() => {})

export function createProcess({ scheduler, history, faults, random }: World, room: string, number: number): Process {
  const own = random.fork(`process/${room}/${number}`)
  const name = `${room}-${number}`
  const skewMs = faults.fires('clock-skew', name) ? Math.round(own.between(-SKEW_MS, SKEW_MS)) : 0
  let dead = false
  let resting = true
  let frozenUntilMs = 0
  let invocation = 0
  let faultsMet = 0
  let held: (() => void)[] = []
  let tellOfDeath: (cause: string) => void = () => {}

  function land(action: () => void): ReturnType<Happening> {
    if (dead) return false
    if (resting) {
      held.push(action)
      return false
    }
    if (scheduler.now() < frozenUntilMs) {
      scheduler.at(frozenUntilMs, () => land(action))
      return false
    }
    action()
    return undefined
  }

  function sleep(durationMs: number): Promise<void> {
    if (dead) return never()
    if (durationMs <= 0) return Promise.resolve()
    const lateMs = faults.fires('timer-late', name) ? own.acrossScales(...LATE_TIMER_MS) : own.next()
    const wakesMs = scheduler.now() + durationMs + lateMs
    if (faults.fires('lambda-freeze', `${name} in a sleep`)) process.freeze(own.acrossScales(...FREEZE_MS))
    const crashes = faults.fires('lambda-crash', `${name} in a sleep`)
    return new Promise(wake => process.deliver(wakesMs, () => (crashes ? process.crash('a sleep', wake) : wake())))
  }

  const process: Process = {
    name,
    room,
    random: own,
    clock: { now: () => scheduler.now() + skewMs, sleep },
    get invocation() {
      return invocation
    },
    get faultsMet() {
      return faultsMet
    },
    alive: () => !dead,
    die: cause => {
      if (dead) return
      dead = true
      held = []
      tellOfDeath(cause)
    },
    crash: (where, goOn) => (faults.ended() ? goOn() : process.die(`crash in ${where}`)),
    freeze: durationMs => {
      process.meetFault()
      frozenUntilMs = Math.max(frozenUntilMs, scheduler.now() + durationMs)
      history.add({ kind: 'note', atMs: scheduler.now(), text: `${name} is frozen for ${Math.round(durationMs)} ms` })
    },
    deliver: (timeMs, action) => scheduler.at(timeMs, () => land(action)),
    meetFault: () => {
      faultsMet++
    },
    begin: (number, onDeath) => {
      invocation = number
      faultsMet = 0
      tellOfDeath = onDeath
      resting = false
      const waiting = held
      held = []
      for (const action of waiting) land(action)
    },
    rest: () => {
      resting = true
      tellOfDeath = () => {}
    },
  }
  return process
}
