import type { FunctionDefinition } from '../template/deployment.ts'
import { FunctionProcess, type FunctionProcessOptions } from './function-process.ts'
import type { Invocation } from './invocation.ts'

export interface FunctionReport {
  readonly name: string
  readonly room: string
  readonly invocations: number
  readonly errors: number
  readonly timeouts: number
  readonly crashes: number
  readonly maxMemoryMb: number
  /** For which AWS would bill: of every invocation, from when its environment had it, in whole milliseconds. */
  readonly billedMs: number
  /** Of the processes alive now. */
  readonly processIds: readonly number[]
}

/** A start costs this computer more than so long a wait for an environment that is about to be free. */
const START_AFTER_MS = 250

export interface FunctionPoolOptions extends FunctionProcessOptions {
  readonly maxEnvironments: number
}

/**
 * The execution environments of one function: warm ones are used again, new ones start while there is demand and room, a
 * little later than Lambda would. Beyond that an invocation waits its turn, where Lambda would throttle it and its caller try again.
 */
export class FunctionPool {
  readonly definition: FunctionDefinition
  readonly #options: FunctionPoolOptions
  readonly #alive = new Set<FunctionProcess>()
  /** Of an earlier deployment, and busy still: they end with what they do. */
  readonly #outdated = new Set<FunctionProcess>()
  /** Most recently used last, so that the fewest stay busy. */
  readonly #idle: FunctionProcess[] = []
  readonly #waiting: (() => void)[] = []
  readonly #counts = { invocations: 0, errors: 0, timeouts: 0, crashes: 0, maxMemoryMb: 0, billedMs: 0 }
  #closed = false

  constructor(options: FunctionPoolOptions) {
    this.definition = options.definition
    this.#options = options
  }

  /** Starts environments ahead of demand. A bundle that does not load is an error here, not at the first invocation. */
  async prewarm(count: number): Promise<void> {
    const fresh = Array.from({ length: Math.min(count, this.#options.maxEnvironments) - this.#alive.size }, () =>
      this.#start(),
    )
    this.#idle.push(...fresh)
    for (const environment of fresh) {
      const fault = await environment.loaded
      if (fault !== undefined)
        throw new Error(`The function ${this.definition.name} does not load: ${fault.errorMessage}`)
    }
  }

  /** A deployment: starts so many environments from the bundle as it lies there now, and uses none of before again. */
  async redeploy(count: number): Promise<void> {
    const idle = this.#idle.splice(0)
    for (const environment of this.#alive) this.#outdated.add(environment)
    this.#alive.clear()
    await Promise.all(idle.map(environment => this.#retire(environment)))
    await this.prewarm(count)
  }

  async invoke(event: unknown): Promise<Invocation> {
    const environment = await this.#take()
    if (environment === undefined) {
      return {
        kind: 'crashed',
        fault: { errorType: 'Stack.Closed', errorMessage: 'The local stack is shutting down.' },
      }
    }
    const takenAtMs = performance.now()
    const invocation = await environment.invoke(event)
    this.#counts.billedMs += Math.ceil(performance.now() - takenAtMs)
    if (!this.#closed) this.#count(environment, invocation)
    if (this.#outdated.has(environment)) void this.#retire(environment)
    else if (environment.alive && !this.#closed) this.#idle.push(environment)
    else this.#alive.delete(environment)
    this.#waiting.shift()?.()
    return invocation
  }

  report(): FunctionReport {
    const processIds = [...this.#alive].filter(({ alive }) => alive).map(({ pid }) => pid)
    return {
      name: this.definition.name,
      room: this.definition.room,
      ...this.#counts,
      processIds: processIds.filter(pid => pid !== undefined),
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const wake of this.#waiting.splice(0)) wake()
    await Promise.all([...this.#alive, ...this.#outdated].map(environment => environment.close()))
    await this.#options.log.close()
  }

  async #take(): Promise<FunctionProcess | undefined> {
    let waited = false
    while (!this.#closed) {
      const mayStart = this.#hasRoom() && (waited || this.#alive.size === 0)
      const environment = this.#idle.pop() ?? (mayStart ? this.#start() : undefined)
      if (environment?.alive) return environment
      if (environment !== undefined) {
        this.#alive.delete(environment)
        continue
      }
      waited = await this.#turn()
    }
    return undefined
  }

  /** Resolves when an environment was freed, or with true when there is room for another and none was freed for long enough. */
  async #turn(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const wake = () => resolve(false)
    this.#waiting.push(wake)
    const late = () => {
      const place = this.#waiting.indexOf(wake)
      if (place >= 0) this.#waiting.splice(place, 1)
      resolve(true)
    }
    const timer = this.#hasRoom() ? setTimeout(late, START_AFTER_MS) : undefined
    const turn = await promise
    clearTimeout(timer)
    return turn
  }

  #hasRoom(): boolean {
    return this.#alive.size < this.#options.maxEnvironments
  }

  async #retire(environment: FunctionProcess): Promise<void> {
    await environment.close()
    this.#outdated.delete(environment)
  }

  #start(): FunctionProcess {
    const environment = new FunctionProcess(this.#options)
    this.#alive.add(environment)
    return environment
  }

  #count(environment: FunctionProcess, invocation: Invocation): void {
    this.#counts.invocations += 1
    this.#counts.maxMemoryMb = Math.max(this.#counts.maxMemoryMb, environment.maxMemoryMb)
    if (invocation.kind === 'returned') return
    this.#counts.errors += 1
    if (invocation.kind === 'timed-out') this.#counts.timeouts += 1
    if (invocation.kind === 'crashed') this.#counts.crashes += 1
  }
}
