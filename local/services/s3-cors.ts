import type { IncomingMessage, ServerResponse } from 'node:http'
import { isLoopback } from '../network-guard.ts'
import { S3Refusal } from './s3-refusal.ts'

function localOrigin(request: IncomingMessage): string | undefined {
  const origin = request.headers.origin
  if (origin === undefined || !URL.canParse(origin)) return undefined
  return isLoopback(new URL(origin).hostname) ? origin : undefined
}

/** Lets a page that was served from this computer read the answer. */
export function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const origin = localOrigin(request)
  if (origin === undefined) return
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', 'ETag, Content-Range, x-amz-request-id')
  response.setHeader('vary', 'Origin')
}

export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  if (localOrigin(request) === undefined) {
    throw new S3Refusal(403, 'AccessForbidden', 'CORSResponse: this origin is not on this computer.')
  }
  response.setHeader('access-control-allow-methods', 'GET, HEAD, PUT')
  response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*')
  response.setHeader('access-control-max-age', '3000')
  response.writeHead(200, { 'content-length': '0' }).end()
}
