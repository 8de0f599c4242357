import { createHash, randomBytes } from 'node:crypto'
import type { ReceivedBody } from './s3-body.ts'
import { type ObjectStore, removeFiles, type Segment, type StoredObject } from './s3-objects.ts'
import { invalidRequest, noSuchUpload, S3Refusal } from './s3-refusal.ts'

const SMALLEST_PART_BYTES = 5 * 1024 * 1024
const LARGEST_PART_NUMBER = 10_000

interface Part extends Segment {
  readonly md5: Buffer
}

interface Upload {
  readonly bucket: string
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly parts: Map<number, Part>
}

/** Multipart uploads in progress. Completing one checks the client's list of parts and moves no bytes. */
export class MultipartUploads {
  readonly #store: ObjectStore
  readonly #uploads = new Map<string, Upload>()

  constructor(store: ObjectStore) {
    this.#store = store
  }

  create(bucket: string, key: string, headers: Readonly<Record<string, string>>): string {
    this.#store.objectsOf(bucket)
    const uploadId = randomBytes(24).toString('base64url')
    this.#uploads.set(uploadId, { bucket, key, headers, parts: new Map() })
    return uploadId
  }

  /** Refuses before any byte of the part is received. */
  expect(uploadId: string, bucket: string, key: string, partNumber: number): void {
    this.#find(uploadId, bucket, key)
    if (Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= LARGEST_PART_NUMBER) return
    throw invalidRequest(`Part number must be an integer between 1 and ${LARGEST_PART_NUMBER}.`)
  }

  /** Takes a received part; when the upload was aborted meanwhile, its file is removed. */
  async add(uploadId: string, partNumber: number, path: string, body: ReceivedBody): Promise<void> {
    const upload = this.#uploads.get(uploadId)
    if (upload === undefined) {
      await removeFiles([{ path, size: body.size }])
      throw noSuchUpload()
    }
    const previous = upload.parts.get(partNumber)
    upload.parts.set(partNumber, { path, size: body.size, md5: body.md5 })
    if (previous !== undefined) await removeFiles([previous])
  }

  async complete(
    uploadId: string,
    bucket: string,
    key: string,
    listed: readonly { partNumber: number; etag: string }[],
    mustBeNew: boolean,
  ): Promise<StoredObject> {
    const upload = this.#find(uploadId, bucket, key)
    const parts = chosenParts(upload, listed)
    const etag = `${createHash('md5')
      .update(Buffer.concat(parts.map(part => part.md5)))
      .digest('hex')}-${parts.length}`
    const object: StoredObject = {
      segments: parts.map(({ path, size }) => ({ path, size })),
      size: parts.reduce((total, part) => total + part.size, 0),
      etag,
      lastModified: new Date(),
      headers: upload.headers,
    }
    this.#store.put(bucket, key, object, mustBeNew)
    this.#uploads.delete(uploadId)
    await removeFiles(new Set(upload.parts.values()).difference(new Set(parts)))
    return object
  }

  async abort(uploadId: string, bucket: string, key: string): Promise<void> {
    const upload = this.#find(uploadId, bucket, key)
    this.#uploads.delete(uploadId)
    await removeFiles(upload.parts.values())
  }

  #find(uploadId: string, bucket: string, key: string): Upload {
    const upload = this.#uploads.get(uploadId)
    if (upload === undefined || upload.bucket !== bucket || upload.key !== key) throw noSuchUpload()
    return upload
  }
}

function chosenParts(upload: Upload, listed: readonly { partNumber: number; etag: string }[]): Part[] {
  if (listed.length === 0) throw new S3Refusal(400, 'MalformedXML', 'The list of parts is empty or not XML.')
  const ascending = listed.every(({ partNumber }, index) => partNumber > (listed[index - 1]?.partNumber ?? 0))
  if (!ascending) throw new S3Refusal(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.')
  return listed.map(({ partNumber, etag }, index) => {
    const part = upload.parts.get(partNumber)
    if (part === undefined || part.md5.toString('hex') !== etag) {
      throw new S3Refusal(400, 'InvalidPart', `Part ${partNumber} was not uploaded, or its entity tag is another.`)
    }
    if (index < listed.length - 1 && part.size < SMALLEST_PART_BYTES) {
      throw new S3Refusal(400, 'EntityTooSmall', `Part ${partNumber} is smaller than ${SMALLEST_PART_BYTES} bytes.`)
    }
    return part
  })
}
