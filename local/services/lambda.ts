import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listenOnLoopback, type RunningService } from './loopback-server.ts'

const LARGEST_BODY_BYTES = 6 * 1024 * 1024

export type InvocationType = 'Event' | 'RequestResponse'

/** What became of an invocation; payloads are JSON texts. */
export type InvocationResult =
  | { readonly kind: 'returned'; readonly payload: string }
  /** The handler threw, timed out or its process ended: `payload` is `{ errorType, errorMessage, trace }`. */
  | { readonly kind: 'failed'; readonly payload: string }
  | { readonly kind: 'unknown-function' }

export interface LambdaOptions {
  /**
   * Runs a function. For `Event` it resolves as soon as the event is accepted; retries of a failed one are the
   * runtime's.
   */
  readonly invoke: (functionName: string, payload: string, type: InvocationType) => Promise<InvocationResult>
  readonly port?: number
}

/** Lambda's Invoke call: the way from one function to another. */
export function startLambda(options: LambdaOptions): Promise<RunningService> {
  const server = createServer((request, response) => {
    answerInvoke(options, request, response).catch((error: unknown) =>
      answer(response, 500, 'ServiceException', error instanceof Error ? error.message : 'Unknown'),
    )
  })
  return listenOnLoopback(server, options.port)
}

async function answerInvoke(
  { invoke }: LambdaOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const functionName = functionNameOf(request)
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse'
  const payload = await payloadOf(request)
  if (functionName === undefined)
    return answer(response, 404, 'UnknownOperationException', 'Only Invoke is known here.')
  if (type !== 'Event' && type !== 'RequestResponse') {
    return answer(response, 400, 'InvalidParameterValueException', `InvocationType ${String(type)} is not known here.`)
  }
  if (payload === 'too-large') {
    return answer(response, 413, 'RequestTooLargeException', `The payload is over ${LARGEST_BODY_BYTES} bytes.`)
  }
  if (!isJson(payload)) return answer(response, 400, 'InvalidRequestContentException', 'The payload is not JSON.')
  const result = await invoke(functionName, payload, type)
  if (result.kind === 'unknown-function') {
    return answer(response, 404, 'ResourceNotFoundException', `Function not found: ${functionName}`)
  }
  response.setHeader('x-amzn-requestid', randomUUID())
  if (type === 'Event') {
    response.writeHead(202, { 'content-length': '0' }).end()
    return
  }
  response.setHeader('x-amz-executed-version', '$LATEST')
  if (result.kind === 'failed') response.setHeader('x-amz-function-error', 'Unhandled')
  response.writeHead(200, { 'content-type': 'application/json' }).end(result.payload)
}

/** A name, `account:function:name` or an ARN, perhaps with a qualifier. */
function functionNameOf({ method, url }: IncomingMessage): string | undefined {
  const path = new URL(url ?? '/', 'http://127.0.0.1').pathname
  const [, given] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path) ?? []
  if (method !== 'POST' || given === undefined) return undefined
  return decodeURIComponent(given).split(':function:').at(-1)?.split(':')[0]
}

async function payloadOf(request: AsyncIterable<Buffer>): Promise<string | 'too-large'> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    size += piece.length
    if (size <= LARGEST_BODY_BYTES) pieces.push(piece)
  }
  if (size > LARGEST_BODY_BYTES) return 'too-large'
  return size === 0 ? '{}' : Buffer.concat(pieces).toString()
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function answer(response: ServerResponse, status: number, type: string, message: string): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type })
  response.end(JSON.stringify({ Type: 'User', Message: message }))
}
