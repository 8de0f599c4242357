import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { networkGuardArguments } from '../network-guard.ts'
import type { FunctionDefinition } from '../template/deployment.ts'
import type { FunctionLog } from './function-log.ts'
import type { FunctionFault, FunctionMessage, Invocation, InvokeMessage } from './invocation.ts'

/**
 * AWS's own services have capacity to spare and these functions do not: on a crowded computer it is they that must wait, or
 * a late service would look like a fast sender. What only follows the sends waits for them.
 */
const NICENESS = 5
const NICENESS_OF_FOLLOWERS = 10
const FOLLOWERS: readonly string[] = ['feedback']

/** Lambda gives a function's code this long to load. */
const INIT_TIMEOUT_MS = 10_000

const runtimePath = fileURLToPath(new URL('function-runtime.ts', import.meta.url))

function yieldToServices(pid: number | undefined, room: string): void {
  try {
    if (pid !== undefined) setPriority(pid, FOLLOWERS.includes(room) ? NICENESS_OF_FOLLOWERS : NICENESS)
  } catch {
    // It has ended already, which its exit event tells.
  }
}

/** A heap that may grow from the start: V8 would else begin with a small one and collect it many times a second. */
function heapArguments({ memoryMb }: FunctionDefinition): readonly string[] {
  return [
    `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
    `--initial-old-space-size=${Math.floor(memoryMb * 0.25)}`,
  ]
}

export interface FunctionProcessOptions {
  readonly definition: FunctionDefinition
  readonly environment: Readonly<Record<string, string>>
  readonly log: FunctionLog
}

/**
 * One execution environment of a function: a process that runs the deployed bundle, one invocation at a time. A process that
 * was killed, crashed or timed out is gone for good, and so is what it was doing; the pool starts another.
 */
export class FunctionProcess {
  readonly #definition: FunctionDefinition
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>
  /** Undefined once the handler is loaded; a fault when it could not be. */
  readonly #loaded: Promise<FunctionFault | undefined>
  #running: { requestId: string; settle(invocation: Invocation): void } | undefined
  maxMemoryMb = 0

  constructor({ definition, environment, log }: FunctionProcessOptions) {
    this.#definition = definition
    this.#child = fork(runtimePath, {
      cwd: definition.assetDirectory,
      env: { ...environment },
      execArgv: [...networkGuardArguments, ...heapArguments(definition)],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'json',
    })
    yieldToServices(this.#child.pid, definition.room)
    log.follow(this.#child.stdout)
    log.follow(this.#child.stderr)
    this.#child.on('error', () => this.#child.kill('SIGKILL'))
    this.#exited = once(this.#child, 'exit').catch(() => undefined)
    const { promise, resolve } = Promise.withResolvers<FunctionFault | undefined>()
    this.#loaded = promise
    const initTimer = setTimeout(() => this.#kill(), INIT_TIMEOUT_MS)
    this.#child.on('message', (message: FunctionMessage) => {
      if (message.kind === 'ready') resolve(undefined)
      else if (message.kind === 'init-failed') resolve(message.fault)
      else this.#answer(message)
    })
    void promise.then(() => clearTimeout(initTimer))
    void this.#exited.then(() => {
      const fault = this.#exitFault()
      resolve(fault)
      this.#running?.settle({ kind: 'crashed', fault })
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** False from the moment that it was told to end. */
  get alive(): boolean {
    const { exitCode, signalCode, connected, killed } = this.#child
    return exitCode === null && signalCode === null && connected && !killed
  }

  /** Resolves when the handler is loaded, with the fault if it could not be. */
  get loaded(): Promise<FunctionFault | undefined> {
    return this.#loaded
  }

  async invoke(event: unknown): Promise<Invocation> {
    const fault = await this.#loaded
    if (fault !== undefined) {
      this.#kill()
      return { kind: 'crashed', fault }
    }
    const { promise, resolve } = Promise.withResolvers<Invocation>()
    const { name, timeoutMs } = this.#definition
    const requestId = randomUUID()
    const timer = setTimeout(() => {
      const errorMessage = `${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds (${name})`
      resolve({ kind: 'timed-out', fault: { errorType: 'Sandbox.Timedout', errorMessage } })
      this.#kill()
    }, timeoutMs)
    this.#running = { requestId, settle: resolve }
    const message: InvokeMessage = { kind: 'invoke', requestId, deadlineMs: Date.now() + timeoutMs, event }
    if (this.alive) this.#child.send(message, error => error !== null && this.#kill())
    else resolve({ kind: 'crashed', fault: this.#exitFault() })
    const invocation = await promise
    clearTimeout(timer)
    this.#running = undefined
    return invocation
  }

  /** Ends the process at once and waits until it is gone. */
  async close(): Promise<void> {
    this.#kill()
    await this.#exited
  }

  #answer(message: Extract<FunctionMessage, { requestId: string }>): void {
    this.maxMemoryMb = Math.max(this.maxMemoryMb, message.maxMemoryMb)
    if (message.requestId !== this.#running?.requestId) return
    const { settle } = this.#running
    if (message.kind === 'returned') settle({ kind: 'returned', payload: message.payload })
    else settle({ kind: 'threw', fault: message.fault })
  }

  #kill(): void {
    this.#child.kill('SIGKILL')
  }

  #exitFault(): FunctionFault {
    const { exitCode, signalCode } = this.#child
    const how = signalCode === null ? `exit status ${exitCode}` : `signal ${signalCode}`
    return {
      errorType: signalCode === null ? 'Runtime.ExitError' : 'Runtime.Killed',
      errorMessage: `${this.#definition.name}: runtime exited with ${how}`,
    }
  }
}
