import type { InvocationEndEntry, InvocationEntry, InvocationResult } from './history.ts'
import { createProcess, type Process, type World } from './process.ts'

/** What a handler is told of its invocation. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number
}

export type Handler<Event> = (event: Event, context: InvocationContext) => Promise<unknown>

export interface FunctionProps<Event> {
  readonly room: string
  readonly timeoutMs: number
  /** A cold start: makes what one process has of its own. */
  readonly boot: (process: Process) => Handler<Event>
}

export interface LambdaFunction<Event> {
  /** Calls a warm process, or starts one. Tells of the result once it is known to the caller. */
  invoke(event: Event, onEnd?: (result: InvocationResult) => void): void
  /** Invocations under way. */
  running(): number
}

interface Warm<Event> {
  readonly process: Process
  readonly handler: Handler<Event>
}

const COLD_START_MS = [150, 900] as const
const SLOW_COLD_START_MS = [1_000, 12_000] as const
const WARM_START_MS = [2, 10] as const

/** Lambda's execution environments of one function: kept warm, frozen between invocations, ended at the function's limit. */
export function createFunction<Event>(
  world: World,
  { room, timeoutMs, boot }: FunctionProps<Event>,
): LambdaFunction<Event> {
  const { scheduler, history, faults } = world
  const random = world.random.fork(`lambda/${room}`)
  let warm: Warm<Event>[] = []
  let processes = 0
  let invocations = 0
  let running = 0

  function take(): { readonly environment: Warm<Event>; readonly startsAfterMs: number } {
    // One may have died of what it had begun before it was frozen.
    warm = faults.fires('lambda-retire', room) ? [] : warm.filter(({ process }) => process.alive())
    const cold = faults.fires('lambda-cold', room)
    const at = random.integer(0, Math.max(0, warm.length - 1))
    const [taken] = cold ? [] : warm.splice(at, 1)
    if (taken !== undefined) return { environment: taken, startsAfterMs: random.between(...WARM_START_MS) }
    const process = createProcess(world, room, ++processes)
    const startsAfterMs = cold ? random.acrossScales(...SLOW_COLD_START_MS) : random.acrossScales(...COLD_START_MS)
    return { environment: { process, handler: boot(process) }, startsAfterMs }
  }

  function start({ process, handler }: Warm<Event>, event: Event, onEnd: (result: InvocationResult) => void): void {
    const nowMs = scheduler.now()
    const entry: InvocationEntry = history.add({
      kind: 'invocation',
      atMs: nowMs,
      process: process.name,
      room,
      invocation: ++invocations,
      event,
    })
    let ended = false
    const end = (result: InvocationResult) => {
      if (ended) return
      ended = true
      running--
      const { faultsMet } = process
      const ending: InvocationEndEntry = { kind: 'invocation-end', atMs: scheduler.now(), of: entry, result, faultsMet }
      history.add(ending)
      if (process.alive()) {
        process.rest()
        warm.push({ process, handler })
      }
      scheduler.after(random.between(1, 10), () => void onEnd(result))
    }
    process.begin(entry.invocation, cause => end({ kind: 'died', cause }))
    scheduler.after(timeoutMs, () => {
      if (ended) return false
      process.die('time-out')
      return undefined
    })
    const context = { getRemainingTimeInMillis: () => nowMs + timeoutMs - scheduler.now() }
    const returned = (value: unknown) => (process.alive() ? end({ kind: 'returned', value }) : undefined)
    const threw = (error: unknown) => (process.alive() ? end({ kind: 'threw', error }) : undefined)
    try {
      handler(event, context).then(returned, threw)
    } catch (error) {
      threw(error)
    }
  }

  return {
    running: () => running,
    invoke: (event, onEnd = () => {}) => {
      running++
      const { environment, startsAfterMs } = take()
      scheduler.after(startsAfterMs, () => {
        start(environment, event, onEnd)
        return undefined
      })
    },
  }
}
