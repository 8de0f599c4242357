import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { ObjectCreated } from './s3.ts'
import { readDocument, receiveBody } from './s3-body.ts'
import { listing } from './s3-listing.ts'
import { MultipartUploads } from './s3-multipart.ts'
import { type ObjectStore, removeFiles, type StoredObject } from './s3-objects.ts'
import { byteRange } from './s3-range.ts'
import { notImplemented, preconditionFailed } from './s3-refusal.ts'
import { readCompletedParts, type XmlElement, xmlDocument } from './s3-xml.ts'

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  readonly bucket: string
  readonly key: string
}

const KEPT_HEADERS = /^(content-(type|disposition|language)|cache-control|expires|x-amz-meta-.+)$/

/** One method for each S3 call, each of which writes its answer or throws a refusal. */
export class S3Operations {
  readonly #store: ObjectStore
  readonly #uploads: MultipartUploads
  readonly #onObjectCreated: (event: ObjectCreated) => void

  constructor(store: ObjectStore, onObjectCreated: (event: ObjectCreated) => void) {
    this.#store = store
    this.#uploads = new MultipartUploads(store)
    this.#onObjectCreated = onObjectCreated
  }

  async putObject({ request, response, query, bucket, key }: Exchange): Promise<void> {
    if (request.headers['x-amz-copy-source'] !== undefined) throw notImplemented('CopyObject')
    const mustBeNew = wantsNew(request)
    if (mustBeNew && this.#store.objectsOf(bucket).has(key)) throw preconditionFailed('If-None-Match: *')
    this.#store.objectsOf(bucket)
    const path = this.#store.newFile(bucket, key)
    const body = await receiveBody(request, query, path)
    const segments = [{ path, size: body.size }]
    const etag = body.md5.toString('hex')
    const headers = keptHeaders(request, query)
    const object = { segments, size: body.size, etag, lastModified: new Date(), headers, crc32: body.crc32 }
    try {
      this.#store.put(bucket, key, object, mustBeNew)
    } catch (error) {
      await removeFiles(segments)
      throw error
    }
    response.setHeader('x-amz-checksum-crc32', body.crc32)
    response.writeHead(200, { etag: `"${etag}"`, 'content-length': '0' }).end()
    this.#announce(bucket, key, object)
  }

  async getObject({ request, response, query, bucket, key }: Exchange): Promise<void> {
    const object = this.#store.get(bucket, key)
    const wanted = request.headers['if-match']
    if (wanted !== undefined && wanted.replaceAll('"', '') !== object.etag) throw preconditionFailed('If-Match')
    const range = byteRange(request.headers.range, object.size)
    for (const [name, value] of Object.entries(object.headers)) response.setHeader(name, value)
    for (const [name, value] of query) {
      if (name.startsWith('response-')) response.setHeader(name.slice('response-'.length), value)
    }
    response.setHeader('etag', `"${object.etag}"`)
    response.setHeader('last-modified', object.lastModified.toUTCString())
    response.setHeader('accept-ranges', 'bytes')
    response.setHeader('content-length', range.last - range.first + 1)
    if (range.partial) response.setHeader('content-range', `bytes ${range.first}-${range.last}/${object.size}`)
    else if (object.crc32 !== undefined && request.headers['x-amz-checksum-mode'] === 'ENABLED') {
      response.setHeader('x-amz-checksum-crc32', object.crc32)
    }
    response.statusCode = range.partial ? 206 : 200
    if (request.method === 'HEAD') response.end()
    else await pipeline(this.#store.read(object, range.first, range.last), response)
  }

  async deleteObject({ response, bucket, key }: Exchange): Promise<void> {
    this.#store.delete(bucket, key)
    response.writeHead(204).end()
  }

  async headBucket({ response, bucket }: Exchange): Promise<void> {
    this.#store.objectsOf(bucket)
    response.writeHead(200, { 'content-length': '0' }).end()
  }

  async listObjects({ response, query, bucket }: Exchange): Promise<void> {
    answerDocument(response, listing(bucket, this.#store.objectsOf(bucket), query))
  }

  async createMultipartUpload({ request, response, query, bucket, key }: Exchange): Promise<void> {
    const uploadId = this.#uploads.create(bucket, key, keptHeaders(request, query))
    const content: XmlElement[] = [
      ['Bucket', bucket],
      ['Key', key],
      ['UploadId', uploadId],
    ]
    answerDocument(response, ['InitiateMultipartUploadResult', content])
  }

  async uploadPart({ request, response, query, bucket, key }: Exchange): Promise<void> {
    if (request.headers['x-amz-copy-source'] !== undefined) throw notImplemented('UploadPartCopy')
    const uploadId = query.get('uploadId') ?? ''
    const partNumber = Number(query.get('partNumber'))
    this.#uploads.expect(uploadId, bucket, key, partNumber)
    const path = this.#store.newFile(bucket, key)
    const body = await receiveBody(request, query, path)
    await this.#uploads.add(uploadId, partNumber, path, body)
    response.writeHead(200, { etag: `"${body.md5.toString('hex')}"`, 'content-length': '0' }).end()
  }

  async completeMultipartUpload({ request, response, query, bucket, key }: Exchange): Promise<void> {
    const listed = readCompletedParts(await readDocument(request))
    const uploadId = query.get('uploadId') ?? ''
    const object = await this.#uploads.complete(uploadId, bucket, key, listed, wantsNew(request))
    const content: XmlElement[] = [
      ['Location', `/${bucket}/${key}`],
      ['Bucket', bucket],
      ['Key', key],
    ]
    answerDocument(response, ['CompleteMultipartUploadResult', [...content, ['ETag', `"${object.etag}"`]]])
    this.#announce(bucket, key, object)
  }

  async abortMultipartUpload({ response, query, bucket, key }: Exchange): Promise<void> {
    await this.#uploads.abort(query.get('uploadId') ?? '', bucket, key)
    response.writeHead(204).end()
  }

  #announce(bucket: string, key: string, { size, etag }: StoredObject): void {
    this.#onObjectCreated({ bucket, key, size, etag })
  }
}

/** A presigned URL carries the x-amz- ones in its query. */
function keptHeaders(request: IncomingMessage, query: URLSearchParams): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of [...query, ...Object.entries(request.headers)]) {
    if (typeof value === 'string' && KEPT_HEADERS.test(name)) kept[name] = value
  }
  return kept
}

function wantsNew(request: IncomingMessage): boolean {
  const condition = request.headers['if-none-match']
  if (request.headers['if-match'] !== undefined) throw notImplemented('If-Match on writes')
  if (condition === undefined || condition === '*') return condition === '*'
  throw notImplemented('If-None-Match with an entity tag on writes')
}

function answerDocument(response: ServerResponse, root: XmlElement): void {
  response.writeHead(200, { 'content-type': 'application/xml' }).end(xmlDocument(root))
}
