import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listenOnLoopback, type RunningService } from '../services/loopback-server.ts'
import type { RouteDefinition } from '../template/deployment.ts'
import type { AccountScope } from '../template/intrinsics.ts'
import { functionAnswer, gatewayAnswer, type HttpAnswer } from './http-answer.ts'
import { type HttpEvent, httpEvent } from './http-event.ts'
import { routeMatcher } from './http-routes.ts'
import { type Invocation, PAYLOAD_LIMIT_BYTES } from './invocation.ts'

/** API Gateway's bound on a request body. An event has room for less, so Lambda's bound is met first. */
const BODY_LIMIT_BYTES = 10 * 1024 * 1024

export interface ServedApi {
  readonly routes: readonly RouteDefinition[]
  readonly scope: AccountScope
  readonly invoke: (functionName: string, event: HttpEvent) => Promise<Invocation>
}

/**
 * The HTTP API of the template, on 127.0.0.1. A route that the template lacks is not there. It listens from the first moment
 * of a start, which settles whose port it is, and answers once there is something to serve.
 */
export async function startHttpApi(port: number, served: Promise<ServedApi>): Promise<RunningService> {
  const answering = served.then(api => answerer(api))
  answering.catch(() => undefined)
  const server = createServer((request, response) => {
    answering
      .then(answer => answer(request))
      .catch(() => gatewayAnswer(500, 'Internal Server Error'))
      .then(given => send(response, given))
      .catch(() => response.destroy())
  })
  try {
    return await listenOnLoopback(server, port)
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' ? new PortInUse(port, error) : error
  }
}

/** Somebody else listens where the API should. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse'

  constructor(port: number, cause: Error) {
    super(
      `Port ${port} of 127.0.0.1 is in use, perhaps by another local stack. ` +
        'End what listens there, or choose another port (npm start -- --port 4690).',
      { cause },
    )
  }
}

function answerer({ routes, scope, invoke }: ServedApi): (request: IncomingMessage) => Promise<HttpAnswer> {
  const match = routeMatcher(routes)
  return async request => {
    const body = await bodyOf(request)
    const { method = 'GET', headers } = request
    const [rawPath = '/', rawQueryString = ''] = (request.url ?? '/').split(/\?(.*)/s)
    const path = decoded(rawPath)
    if (path === undefined) return gatewayAnswer(400, 'Bad Request')
    const matched = match(method, path)
    if (matched === undefined) return gatewayAnswer(404, 'Not Found')
    if (body === undefined) return gatewayAnswer(413, 'Request Entity Too Large')
    const event = httpEvent({ method, path, rawQueryString, headers, body, nowMs: Date.now() }, matched, scope)
    if (Buffer.byteLength(JSON.stringify(event)) > PAYLOAD_LIMIT_BYTES) {
      return gatewayAnswer(413, 'Request Entity Too Large')
    }
    const { functionName, timeoutMs } = matched.route
    return await within(timeoutMs, invoke(functionName, event))
  }
}

async function within(timeoutMs: number, invocation: Promise<Invocation>): Promise<HttpAnswer> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), timeoutMs)
  const outcome = await Promise.race([invocation, late])
  clearTimeout(timer)
  if (outcome === undefined) return gatewayAnswer(503, 'Service Unavailable')
  return outcome.kind === 'returned' ? functionAnswer(outcome.payload) : gatewayAnswer(500, 'Internal Server Error')
}

/** Undefined when it is too large; it is read to its end, so that the client hears the answer. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    size += piece.length
    if (size <= BODY_LIMIT_BYTES) pieces.push(piece)
    else pieces.length = 0
  }
  return size <= BODY_LIMIT_BYTES ? Buffer.concat(pieces) : undefined
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.writeHead(status, { 'content-length': body.length }).end(body)
}
