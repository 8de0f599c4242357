import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { InvocationResult, InvocationType } from '../services/lambda.ts'
import type { Deployment, FunctionDefinition } from '../template/deployment.ts'
import { invokeAsync } from './async-invoke.ts'
import { functionEnvironment, type LocalAddresses } from './function-environment.ts'
import { FunctionLog } from './function-log.ts'
import { FunctionPool, type FunctionReport } from './function-pool.ts'
import type { Invocation } from './invocation.ts'
import { type MetricSum, MetricSums } from './metric-sums.ts'

/** Environments of a function that nothing in the template bounds; an account's own limit would be the bound in AWS. */
const UNBOUNDED_ENVIRONMENTS = 4

export interface LocalFunctionsOptions {
  readonly deployment: Deployment
  readonly addresses: LocalAddresses
  readonly logs: string
  /** Told of each invocation that failed, in words without its data. */
  readonly onProblem: (problem: string) => void
  readonly onInvocation?: ((invoked: Invoked) => void) | undefined
}

/** What a function of this room was called with, and what came of it. */
export interface Invoked {
  readonly room: string
  readonly event: unknown
  readonly invocation: Invocation
}

/** Every function of the template, by name. */
export class LocalFunctions {
  readonly #pools: ReadonlyMap<string, FunctionPool>
  readonly #metrics = new MetricSums()
  readonly #options: LocalFunctionsOptions
  #closing = false

  constructor(options: LocalFunctionsOptions) {
    this.#options = options
    this.#pools = new Map(options.deployment.functions.map(definition => [definition.name, this.#pool(definition)]))
  }

  async invoke(name: string, event: unknown): Promise<Invocation> {
    return this.#watch(name, event, await this.#named(name).invoke(event))
  }

  /** Repeats a failed invocation as its function says, and answers nobody. */
  async invokeAsync(name: string, event: unknown): Promise<void> {
    const sleep = async (durationMs: number) => await delay(durationMs, undefined, { ref: false })
    this.#watch(name, event, await invokeAsync(this.#named(name), event, sleep))
  }

  /** Lambda's Invoke call. */
  async call(name: string, payload: string, type: InvocationType): Promise<InvocationResult> {
    if (!this.#pools.has(name)) return { kind: 'unknown-function' }
    const event: unknown = JSON.parse(payload)
    if (type === 'Event') {
      void this.invokeAsync(name, event)
      return { kind: 'returned', payload: '' }
    }
    const invocation = await this.invoke(name, event)
    if (invocation.kind === 'returned') return invocation
    return { kind: 'failed', payload: JSON.stringify(invocation.fault) }
  }

  /** Starts environments ahead of demand, as many of each function as `count` says. */
  async prewarm(count: (definition: FunctionDefinition) => number): Promise<void> {
    await Promise.all([...this.#pools.values()].map(pool => pool.prewarm(count(pool.definition))))
  }

  /** Deploys the bundle that lies in a function's asset directory by now, with so many environments ahead of demand. */
  async redeploy(name: string, count: number): Promise<void> {
    await this.#named(name).redeploy(count)
  }

  reports(): readonly FunctionReport[] {
    return [...this.#pools.values()].map(pool => pool.report())
  }

  metrics(): readonly MetricSum[] {
    return this.#metrics.read()
  }

  async close(): Promise<void> {
    this.#closing = true
    await Promise.all([...this.#pools.values()].map(pool => pool.close()))
  }

  #pool(definition: FunctionDefinition): FunctionPool {
    const { deployment, addresses, logs } = this.#options
    return new FunctionPool({
      definition,
      environment: functionEnvironment(definition, deployment.queues, deployment.scope, addresses),
      log: new FunctionLog(path.join(logs, `${definition.room}.log`), this.#metrics),
      maxEnvironments: definition.reservedConcurrency ?? bound(definition, deployment),
    })
  }

  #named(name: string): FunctionPool {
    const pool = this.#pools.get(name)
    if (pool === undefined) throw new TypeError(`The template has no function ${name}.`)
    return pool
  }

  #watch(name: string, event: unknown, invocation: Invocation): Invocation {
    const { room } = this.#named(name).definition
    this.#options.onInvocation?.({ room, event, invocation })
    // What is ended with the stack, such as a dispatcher between two rounds, has not failed.
    if (invocation.kind !== 'returned' && !this.#closing) {
      const { errorType } = invocation.fault
      const log = path.join(this.#options.logs, `${room}.log`)
      this.#options.onProblem(`The function ${room} ${words[invocation.kind]} (${errorType}). Its log is ${log}`)
    }
    return invocation
  }
}

const words = { threw: 'failed', 'timed-out': 'timed out', crashed: 'crashed' } as const

function bound({ name }: FunctionDefinition, { eventSources }: Deployment): number {
  const sources = eventSources.filter(source => source.functionName === name)
  const wanted = sources.reduce((sum, { maximumConcurrency }) => sum + maximumConcurrency, 0)
  return wanted || UNBOUNDED_ENVIRONMENTS
}
