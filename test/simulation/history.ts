import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { ServiceName, ServiceRequest, ServiceResponse } from './aws/simulated-service.ts'
import { START_MS } from './scheduler.ts'

/** One request of a process to a service, and what became of it. Times are those of the world, not of the process. */
export interface ExchangeEntry {
  readonly kind: 'exchange'
  readonly atMs: number
  readonly process: string
  readonly room: string
  readonly invocation: number
  readonly service: ServiceName
  readonly operation: string
  readonly request: ServiceRequest
  /** When the service did what was asked; undefined when it never did. */
  arrivedAtMs?: number
  /** What the service itself said, whatever became of it on the way. */
  served?: ServiceResponse
  /** What was on its way back, whether or not it reached the process. */
  response?: ServiceResponse
  /** When the process had its answer: never when that was lost, or the process dead. */
  answeredAtMs?: number
}

export interface ArrivalEntry {
  readonly kind: 'arrival'
  readonly atMs: number
  readonly of: ExchangeEntry
  readonly status: number
}

export interface LogEntry {
  readonly kind: 'log'
  readonly atMs: number
  readonly process: string
  readonly room: string
  readonly invocation: number
  readonly level: 'info' | 'warn' | 'error'
  /** Faults that the invocation had met by then. */
  readonly faultsMet: number
  readonly text: string
}

export interface MetricEntry {
  readonly kind: 'metric'
  readonly atMs: number
  readonly process: string
  readonly name: string
  readonly value: number
}

export interface InvocationEntry {
  readonly kind: 'invocation'
  readonly atMs: number
  readonly process: string
  readonly room: string
  readonly invocation: number
  readonly event: unknown
}

export type InvocationResult =
  | { readonly kind: 'returned'; readonly value: unknown }
  /** Thrown out of the handler. */
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'died'; readonly cause: string }

export interface InvocationEndEntry {
  readonly kind: 'invocation-end'
  readonly atMs: number
  readonly of: InvocationEntry
  readonly result: InvocationResult
  /** Faults that the invocation met: what may excuse that it threw. */
  readonly faultsMet: number
}

export interface FaultEntry {
  readonly kind: 'fault'
  readonly atMs: number
  readonly family: string
  readonly about: string
}

/** A call of the operator and its answer: status 0 when none came. */
export interface ApiCallEntry {
  readonly kind: 'api-call'
  /** When it was sent. */
  readonly atMs: number
  readonly method: string
  readonly path: string
}

export interface ApiAnswerEntry {
  readonly kind: 'api-answer'
  readonly atMs: number
  readonly of: ApiCallEntry
  readonly status: number
  readonly text: string
}

export interface NoteEntry {
  readonly kind: 'note'
  readonly atMs: number
  readonly text: string
}

export type Entry =
  | ExchangeEntry
  | ArrivalEntry
  | LogEntry
  | MetricEntry
  | InvocationEntry
  | InvocationEndEntry
  | FaultEntry
  | ApiCallEntry
  | ApiAnswerEntry
  | NoteEntry

/** Everything that happened, in order: what the checkers judge, what a replay prints, and what two replays are compared by. */
export interface History {
  readonly entries: readonly Entry[]
  add<E extends Entry>(entry: E): E
}

export function createHistory(): History {
  const entries: Entry[] = []
  return {
    entries,
    add: entry => {
      entries.push(entry)
      return entry
    },
  }
}

export function traceHash({ entries }: History): string {
  const hash = createHash('sha256')
  for (const entry of entries) hash.update(`${traceLine(entry)}\n`)
  return hash.digest('hex')
}

export function traceLine(entry: Entry): string {
  return `${((entry.atMs - START_MS) / 1000).toFixed(6).padStart(12)} ${describe(entry)}`
}

function describe(entry: Entry): string {
  switch (entry.kind) {
    case 'exchange':
      return `${entry.process} → ${entry.service} ${entry.operation} ${summaryOf(entry.request)} #${digest(entry.request.body)}`
    case 'arrival':
      return `${entry.of.process} ← ${entry.of.service} ${entry.of.operation} ${entry.status}${failureIn(entry)}`
    case 'log':
      return `${entry.process} ${entry.level}: ${entry.text}`
    case 'metric':
      return `${entry.process} counts ${entry.name} ${entry.value}`
    case 'invocation':
      return `${entry.process} is called (${entry.invocation})`
    case 'invocation-end':
      return `${entry.of.process} ${describeResult(entry.result)} (${entry.of.invocation})`
    case 'fault':
      return `FAULT ${entry.family} ${entry.about}`
    case 'api-call':
      return `operator ${entry.method} ${entry.path}`
    case 'api-answer':
      return `operator gets ${entry.status} of ${entry.of.method} ${entry.of.path}`
    case 'note':
      return `-- ${entry.text}`
  }
}

function describeResult(result: InvocationResult): string {
  switch (result.kind) {
    case 'returned':
      return 'returns'
    case 'threw':
      return `throws ${String(result.error)}`
    case 'died':
      return `dies: ${result.cause}`
  }
}

const digest = (bytes: Uint8Array) => (crc32(bytes) >>> 0).toString(16)

function failureIn({ of: { response } }: ArrivalEntry): string {
  if (response === undefined || response.status < 300) return ''
  const text = Buffer.from(response.body).toString()
  return ` ${/#(\w+)"/.exec(text)?.[1] ?? response.headers['x-amzn-errortype'] ?? text.slice(0, 80)}`
}

const KEYS = /"(?:sk|pk)":\{"S":"([^"]+)"\}/g

/** What tells a request from others of its operation: keys of tables and objects, and whom a message is for. */
function summaryOf({ service, path, body }: ServiceRequest): string {
  if (service === 's3') return path
  const text = Buffer.from(body).toString()
  if (service === 'ses') return /"Name":"recipient","Value":"([^"]+)"/.exec(text)?.[1] ?? ''
  if (service === 'dynamodb') {
    const keys = [...text.matchAll(KEYS)].slice(0, 4).map(([, key]) => key)
    return keys.length > 0 ? keys.join(' ') : (/"S":"([^"]+)"/.exec(text)?.[1] ?? '')
  }
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}
