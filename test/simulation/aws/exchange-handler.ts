import { Readable } from 'node:stream'
import { NO_ANSWER_STATUS } from './answers.ts'
import { OutsideSimulation } from './outside-simulation.ts'
import type { Exchange, ServiceName, ServiceRequest, ServiceResponse } from './simulated-service.ts'

/** What of the SDK's own request is used. */
interface SdkRequest {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

interface SdkResponse {
  readonly response: { readonly statusCode: number; readonly headers: Record<string, string>; readonly body: unknown }
}

/** The SDK's transport: one request is one exchange. What breaks the exchange is, to the SDK, a connection that broke. */
export function exchangeHandler(service: ServiceName, exchange: Exchange) {
  return {
    handle: async (request: SdkRequest): Promise<SdkResponse> => {
      const answer = await exchange(toServiceRequest(service, request)).catch(brokenConnection)
      if (answer.status === NO_ANSWER_STATUS) throw timedOut()
      const { status: statusCode, headers } = answer
      return { response: { statusCode, headers: { ...headers }, body: bodyOf(request, service, answer) } }
    },
    /** The SDK calls these of a transport that can be configured. */
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  }
}

/** A connection that was cut: the service may or may not have done what was asked. */
export function connectionReset(cause?: unknown): Error {
  return Object.assign(new Error('read ECONNRESET', { cause }), { code: 'ECONNRESET' })
}

/** No answer in time: the service may or may not have done what was asked, or do it later. */
export function timedOut(): Error {
  return Object.assign(new Error('No answer came in time'), { name: 'TimeoutError' })
}

function brokenConnection(error: unknown): never {
  const known = error instanceof Error && ('code' in error || error.name === 'TimeoutError')
  throw known || error instanceof OutsideSimulation ? error : connectionReset(error)
}

function toServiceRequest(service: ServiceName, { method, path, query, headers, body }: SdkRequest): ServiceRequest {
  return { service, method, path: path + queryString(query), headers: named(headers), body: toBytes(body) }
}

function named(headers: SdkRequest['headers']): Record<string, string> {
  const lower: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    // A UUID of real randomness.
    if (value !== undefined && name !== 'amz-sdk-invocation-id') lower[name.toLowerCase()] = value
  }
  return lower
}

function queryString(query: SdkRequest['query'] = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (value === null ? [''] : [value].flat()).map(one => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`),
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** A copy: the caller may use its buffer again while the request is under way. */
function toBytes(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array()
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return Uint8Array.from(body)
  throw new OutsideSimulation('a request body that is neither text nor bytes')
}

/** GetObject is to give a stream; it goes on by ticks of the process, which come before any turn of the event loop. */
function bodyOf({ method }: SdkRequest, service: ServiceName, { status, body }: ServiceResponse): unknown {
  if (service !== 's3' || method !== 'GET' || status >= 300) return body
  const stream = new Readable({ read: () => {} })
  stream.push(body)
  stream.push(null)
  return stream
}
