import { errorAnswer, xmlAnswer } from '../answers.ts'
import { OutsideSimulation } from '../outside-simulation.ts'
import type { ServiceRequest, ServiceResponse } from '../simulated-service.ts'
import { etagOf, type StoredObject } from './stored-objects.ts'

interface Upload {
  readonly contentType: string | undefined
  readonly parts: Map<number, Uint8Array>
}

interface Target {
  readonly key: string
  readonly query: URLSearchParams
}

type Store = (bytes: Uint8Array, contentType: string | undefined) => StoredObject

/** Uploads in parts. An object comes to be when its upload is completed, and not before. */
export function multipartUploads() {
  const uploads = new Map<string, Upload>()
  let created = 0

  function create({ headers }: ServiceRequest): ServiceResponse {
    created += 1
    const uploadId = `upload-${created}`
    uploads.set(uploadId, { contentType: headers['content-type'], parts: new Map() })
    return xmlAnswer(
      200,
      `<InitiateMultipartUploadResult><UploadId>${uploadId}</UploadId></InitiateMultipartUploadResult>`,
    )
  }

  function putPart({ headers, body }: ServiceRequest, { parts }: Upload, partNumber: number): ServiceResponse {
    parts.set(partNumber, Uint8Array.from(body))
    const checksum = headers['x-amz-checksum-crc32']
    const answered = { etag: etagOf(body), ...(checksum !== undefined && { 'x-amz-checksum-crc32': checksum }) }
    return { status: 200, headers: answered, body: new Uint8Array() }
  }

  function complete({ body }: ServiceRequest, uploadId: string, upload: Upload, store: Store): ServiceResponse {
    const named = [
      ...Buffer.from(body)
        .toString()
        .matchAll(/<PartNumber>(\d+)<\/PartNumber>/g),
    ]
    const parts = named.map(([, partNumber]) => upload.parts.get(Number(partNumber)))
    const bytes = parts.flatMap(part => (part === undefined ? [] : [part]))
    if (bytes.length === 0 || bytes.length < parts.length) {
      return errorAnswer('s3', 400, 'InvalidPart', 'One or more of the specified parts could not be found.')
    }
    uploads.delete(uploadId)
    const { etag } = store(Buffer.concat(bytes), upload.contentType)
    return xmlAnswer(200, `<CompleteMultipartUploadResult><ETag>${etag}</ETag></CompleteMultipartUploadResult>`)
  }

  return {
    /** The answer to a request that is part of an upload in parts; undefined to any other. */
    answer: (request: ServiceRequest, { query }: Target, store: Store): ServiceResponse | undefined => {
      if (query.has('uploads') && request.method === 'POST') return create(request)
      const uploadId = query.get('uploadId')
      if (uploadId === null) return undefined
      const upload = uploads.get(uploadId)
      if (upload === undefined) return errorAnswer('s3', 404, 'NoSuchUpload', 'The upload does not exist.')
      switch (request.method) {
        case 'PUT':
          return putPart(request, upload, Number(query.get('partNumber')))
        case 'POST':
          return complete(request, uploadId, upload, store)
        case 'DELETE':
          uploads.delete(uploadId)
          return { status: 204, headers: {}, body: new Uint8Array() }
        default:
          throw new OutsideSimulation(`S3's ${request.method} of an upload in parts`)
      }
    },
  }
}
