import type { Clock } from '../../../../functions/runtime/clock.ts'
import { errorAnswer } from '../answers.ts'
import { OutsideSimulation } from '../outside-simulation.ts'
import type { ServiceRequest, ServiceResponse, SimulatedService } from '../simulated-service.ts'
import { multipartUploads } from './multipart-uploads.ts'
import { etagOf, rangeOf, type StoredObject } from './stored-objects.ts'

export interface ObjectCreated {
  readonly bucket: string
  readonly key: string
  readonly size: number
}

export interface SimulatedS3 {
  readonly service: SimulatedService
  object(bucket: string, key: string): StoredObject | undefined
  /** Keys of a bucket in order. */
  keys(bucket: string): readonly string[]
  /** Puts an object as an uploader outside the simulation would. */
  put(bucket: string, key: string, bytes: Uint8Array, contentType?: string): StoredObject
}

/** Objects, whole and at once visible. `onCreated` is told of each one, whatever its key: the bucket's EventBridge events. */
export function simulatedS3(
  clock: Pick<Clock, 'now'>,
  onCreated: (created: ObjectCreated) => void = () => {},
): SimulatedS3 {
  const buckets = new Map<string, Map<string, StoredObject>>()
  const uploads = multipartUploads()

  function put(bucket: string, key: string, bytes: Uint8Array, contentType = 'application/octet-stream'): StoredObject {
    const stored = { bytes: Uint8Array.from(bytes), etag: etagOf(bytes), contentType, storedAtMs: clock.now() }
    const objects = buckets.get(bucket) ?? new Map<string, StoredObject>()
    buckets.set(bucket, objects.set(key, stored))
    onCreated({ bucket, key, size: bytes.length })
    return stored
  }

  function get({ method, headers }: ServiceRequest, stored: StoredObject | undefined): ServiceResponse {
    const withoutBody = method === 'HEAD'
    if (stored === undefined) return withoutBody ? bare(404) : failed(404, 'NoSuchKey', 'The key does not exist.')
    const ifMatch = headers['if-match']
    if (ifMatch !== undefined && ifMatch !== stored.etag) return withoutBody ? bare(412) : preconditionFailed()
    const { bytes } = stored
    const range = rangeOf(headers['range'], bytes.length)
    if (range.kind === 'unsatisfiable') return failed(416, 'InvalidRange', 'The range is not satisfiable')
    const part = range.kind === 'whole' ? bytes : bytes.slice(range.start, range.end)
    const described = { etag: stored.etag, 'content-type': stored.contentType, 'content-length': String(part.length) }
    return {
      status: range.kind === 'whole' ? 200 : 206,
      headers:
        range.kind === 'whole'
          ? described
          : { ...described, 'content-range': `bytes ${range.start}-${range.end - 1}/${bytes.length}` },
      body: withoutBody ? new Uint8Array() : part,
    }
  }

  function putObject(request: ServiceRequest, { bucket, key }: Target): ServiceResponse {
    const { headers, body } = request
    if (headers['if-none-match'] === '*' && buckets.get(bucket)?.has(key) === true) return preconditionFailed()
    return { ...bare(200), headers: { etag: put(bucket, key, body, headers['content-type']).etag } }
  }

  function service(request: ServiceRequest): ServiceResponse {
    const target = targetOf(request)
    const multipart = uploads.answer(request, target, (bytes, contentType) =>
      put(target.bucket, target.key, bytes, contentType),
    )
    if (multipart !== undefined) return multipart
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return get(request, buckets.get(target.bucket)?.get(target.key))
      case 'PUT':
        return putObject(request, target)
      default:
        throw new OutsideSimulation(`S3's ${request.method} ${request.path}`)
    }
  }

  return {
    service,
    put,
    object: (bucket, key) => buckets.get(bucket)?.get(key),
    keys: bucket => [...(buckets.get(bucket)?.keys() ?? [])].sort(),
  }
}

/** What EventBridge says of a new object, as far as anybody here reads it. */
export function objectCreatedEvent({ bucket, key, size }: ObjectCreated): object {
  const detail = { bucket: { name: bucket }, object: { key, size } }
  return { version: '0', source: 'aws.s3', 'detail-type': 'Object Created', detail }
}

export interface Target {
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
}

function targetOf({ path }: ServiceRequest): Target {
  const [place = '', query = ''] = path.split('?', 2)
  const [, bucket = '', ...key] = place.split('/')
  if (key.join('/') === '') throw new OutsideSimulation(`S3's requests of a whole bucket (${path})`)
  return { bucket, key: key.map(decodeURIComponent).join('/'), query: new URLSearchParams(query) }
}

const failed = (status: number, type: string, message: string) => errorAnswer('s3', status, type, message)
const preconditionFailed = () => failed(412, 'PreconditionFailed', 'A condition that was given does not hold')
const bare = (status: number): ServiceResponse => ({ status, headers: {}, body: new Uint8Array() })
