import { createHash, type Hash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { crc32 } from 'node:zlib'
import { decodeAwsChunked } from './aws-chunked.ts'
import { invalidRequest, notImplemented, S3Refusal } from './s3-refusal.ts'

export interface ReceivedBody {
  readonly size: number
  readonly md5: Buffer
  readonly crc32: string
}

class Crc32 {
  #value = 0

  update(data: Buffer): void {
    this.#value = crc32(data, this.#value)
  }

  digest(encoding: 'base64'): string {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(this.#value)
    return bytes.toString(encoding)
  }
}

/**
 * Streams a request's body into a new file and checks all that the client said about it: length, Content-MD5, checksum
 * (in a header, a trailer or a presigned URL) and payload digest. Whatever fails, the file is gone.
 */
export async function receiveBody(
  request: IncomingMessage,
  query: URLSearchParams,
  path: string,
): Promise<ReceivedBody> {
  const claims = claimsOf(request, query)
  const trailers = new Map<string, string>()
  const md5 = createHash('md5')
  const crc = new Crc32()
  let size = 0
  const file = await open(path, 'wx')
  try {
    const pieces: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false })
    const source = claims.chunked ? decodeAwsChunked(pieces, trailers) : pieces
    for await (const data of source) {
      size += data.length
      md5.update(data)
      crc.update(data)
      for (const { hash } of claims.digests) hash.update(data)
      await writeWhole(file, data)
    }
    await file.close()
    const digest = md5.digest()
    const crc32Text = crc.digest('base64')
    checkSize(claims.size, size)
    check('Content-MD5', claims.md5, digest.toString('base64'), 'BadDigest')
    for (const { name, hash, expected, encoding, code } of claims.digests) {
      check(name, expected ?? trailers.get(name), hash.digest(encoding), code)
    }
    check('x-amz-checksum-crc32', claims.crc32 ?? trailers.get('x-amz-checksum-crc32'), crc32Text, 'BadDigest')
    return { size, md5: digest, crc32: crc32Text }
  } catch (error) {
    await file.close()
    await rm(path, { force: true })
    throw error
  }
}

async function writeWhole(file: Awaited<ReturnType<typeof open>>, data: Buffer): Promise<void> {
  for (let offset = 0; offset < data.length; ) {
    offset += (await file.write(data, offset)).bytesWritten
  }
}

interface DigestClaim {
  readonly name: string
  readonly hash: Hash
  /** Undefined where a trailer is to bring it. */
  readonly expected: string | undefined
  readonly encoding: 'base64' | 'hex'
  readonly code: string
}

function claimsOf(request: IncomingMessage, query: URLSearchParams) {
  const header = (name: string) => {
    const value = request.headers[name]
    return (typeof value === 'string' ? value : undefined) ?? query.get(name) ?? undefined
  }
  const trailer = header('x-amz-trailer')
  for (const unknown of ['x-amz-checksum-crc32c', 'x-amz-checksum-crc64nvme']) {
    if (header(unknown) !== undefined || trailer === unknown) throw notImplemented(`${unknown}; use CRC32 or SHA256`)
  }
  const digests: DigestClaim[] = []
  for (const algorithm of ['sha1', 'sha256'] as const) {
    const name = `x-amz-checksum-${algorithm}`
    const expected = header(name)
    if (expected === undefined && trailer !== name) continue
    digests.push({ name, hash: createHash(algorithm), expected, encoding: 'base64', code: 'BadDigest' })
  }
  const payload = header('x-amz-content-sha256')
  if (payload !== undefined && /^[0-9a-f]{64}$/.test(payload)) {
    const name = 'x-amz-content-sha256'
    const code = 'XAmzContentSHA256Mismatch'
    digests.push({ name, hash: createHash('sha256'), expected: payload, encoding: 'hex', code })
  }
  const chunked =
    header('content-encoding')
      ?.split(',')
      .some(coding => coding.trim() === 'aws-chunked') ?? false
  const size = header(chunked ? 'x-amz-decoded-content-length' : 'content-length')
  if (size === undefined)
    throw new S3Refusal(411, 'MissingContentLength', 'The request must say the length of its body.')
  return { chunked, size, md5: header('content-md5'), crc32: header('x-amz-checksum-crc32'), digests }
}

function checkSize(expected: string, actual: number): void {
  if (Number(expected) === actual) return
  throw new S3Refusal(400, 'IncompleteBody', `The body has ${actual} bytes, the request said ${expected}.`)
}

function check(name: string, expected: string | undefined, actual: string, code: string): void {
  if (expected === undefined || expected === actual) return
  const remedy =
    expected === 'AAAAAA=='
      ? " It is the checksum of an empty body: presign with requestChecksumCalculation: 'WHEN_REQUIRED'."
      : ''
  throw new S3Refusal(400, code, `The body does not match its ${name} (${expected}, calculated ${actual}).${remedy}`)
}

/** Reads a small document, such as the part list of a multipart upload. */
export async function readDocument(request: IncomingMessage, largestBytes = 2 * 1024 * 1024): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  const source: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false })
  for await (const piece of source) {
    size += piece.length
    if (size > largestBytes) throw invalidRequest(`The document is longer than ${largestBytes} bytes.`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}
