import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Clock, systemClock } from '../../functions/runtime/clock.ts'
import { listenOnLoopback, type RunningService } from './loopback-server.ts'
import { authorise } from './s3-authorisation.ts'
import { allowOrigin, answerPreflight } from './s3-cors.ts'
import { ObjectStore } from './s3-objects.ts'
import { S3Operations } from './s3-operations.ts'
import { notImplemented, S3Refusal } from './s3-refusal.ts'
import { xmlDocument } from './s3-xml.ts'
import { USAGE_PATH, UsageMeter } from './usage-meter.ts'

export interface ObjectCreated {
  readonly bucket: string
  readonly key: string
  readonly size: number
  /** Without quotes, as in S3's own events. */
  readonly etag: string
}

export interface S3Options {
  /** Emptied at the start. */
  readonly directory: string
  readonly buckets: readonly string[]
  /** Called once an object is complete, after its answer is certain. */
  readonly onObjectCreated?: (event: ObjectCreated) => void
  readonly port?: number
  readonly clock?: Pick<Clock, 'now'>
}

/**
 * The part of S3 that OnlyTo uses, on disk and path-style: objects of any size in bounded memory, ranges, write-once
 * puts, multipart uploads, listing by prefix and presigned URLs. An object is there whole or not at all, and raises one
 * event. What it does not know it refuses with 501, so that nothing is misunderstood silently.
 */
export async function startS3(options: S3Options): Promise<RunningService> {
  const store = await ObjectStore.open(options.directory, options.buckets)
  const operations = new S3Operations(store, options.onObjectCreated ?? (() => {}))
  const clock = options.clock ?? systemClock
  const meter = new UsageMeter()
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === USAGE_PATH) meter.answer(response)
    else handle({ operations, clock, meter }, request, response).catch(error => answerError(request, response, error))
  })
  return listenOnLoopback(server, options.port)
}

const LONGEST_KEY_BYTES = 1024
const WITH_VALUE = new Set(['uploadId', 'partNumber', 'list-type'])
const MAY_BE_EMPTY = new Set(['prefix', 'delimiter', 'start-after'])

async function handle(
  { operations, clock, meter }: { operations: S3Operations; clock: Pick<Clock, 'now'>; meter: UsageMeter },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('x-amz-request-id', randomUUID())
  allowOrigin(request, response)
  if (request.method === 'OPTIONS') return answerPreflight(request, response)
  const { bucket, key, query } = addressOf(request)
  authorise(request, query, clock.now())
  const exchange = { request, response, query, bucket, key }
  const operation = `${request.method} ${key === '' ? 'bucket' : 'object'}${subresourcesOf(query)}`
  meter.count(operation)
  switch (operation) {
    case 'PUT object':
      return operations.putObject(exchange)
    case 'GET object':
    case 'HEAD object':
      return operations.getObject(exchange)
    case 'DELETE object':
      return operations.deleteObject(exchange)
    case 'POST object?uploads':
      return operations.createMultipartUpload(exchange)
    case 'PUT object?partNumber&uploadId':
      return operations.uploadPart(exchange)
    case 'POST object?uploadId':
      return operations.completeMultipartUpload(exchange)
    case 'DELETE object?uploadId':
      return operations.abortMultipartUpload(exchange)
    case 'GET bucket?list-type':
      return operations.listObjects(exchange)
    case 'HEAD bucket':
      return operations.headBucket(exchange)
    default:
      throw notImplemented(operation)
  }
}

/** Path-style, taken as it came: `URL` would shorten keys with `..` or `//` in them. */
function addressOf({ url = '/' }: IncomingMessage): { bucket: string; key: string; query: URLSearchParams } {
  const [path = '', search = ''] = url.split(/\?(.*)/s)
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? []
  try {
    const address = {
      bucket: decodeURIComponent(bucket),
      key: decodeURIComponent(key),
      query: new URLSearchParams(search),
    }
    if (Buffer.byteLength(address.key) <= LONGEST_KEY_BYTES) return address
  } catch {
    throw new S3Refusal(400, 'InvalidURI', "Couldn't parse the specified URI.")
  }
  throw new S3Refusal(400, 'KeyTooLongError', `A key has at most ${LONGEST_KEY_BYTES} bytes.`)
}

/** A parameter without a value (`?uploads`, `?acl`) chooses another operation; so do three that have one. */
function subresourcesOf(query: URLSearchParams): string {
  const names = Array.from(query).filter(
    ([name, value]) => WITH_VALUE.has(name) || (value === '' && !MAY_BE_EMPTY.has(name)),
  )
  return names.length === 0
    ? ''
    : `?${names
        .map(([name]) => name)
        .sort()
        .join('&')}`
}

function answerError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  request.resume()
  if (response.headersSent || request.errored !== null) {
    response.destroy()
    return
  }
  const refusal =
    error instanceof S3Refusal
      ? error
      : new S3Refusal(500, 'InternalError', error instanceof Error ? error.message : 'Unknown')
  const document = xmlDocument([
    'Error',
    [
      ['Code', refusal.code],
      ['Message', refusal.message],
      ['Resource', request.url?.split('?')[0]],
      ['RequestId', String(response.getHeader('x-amz-request-id'))],
    ],
  ])
  response.writeHead(refusal.status, { 'content-type': 'application/xml' })
  response.end(request.method === 'HEAD' ? undefined : document)
}
