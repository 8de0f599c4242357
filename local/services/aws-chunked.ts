import { invalidRequest } from './s3-refusal.ts'

const LONGEST_LINE_BYTES = 8192

/**
 * Decodes a body with `Content-Encoding: aws-chunked`, the SDK's form for streams:
 * `SIZE[;chunk-signature=…] CRLF data CRLF … 0 CRLF trailer:value CRLF CRLF`.
 * Trailers are put into `trailers` under lower-case names; a body that ends early is refused.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  let state: 'size' | 'data' | 'after-data' | 'trailer' | 'done' = 'size'
  let rest: Buffer = Buffer.alloc(0)
  let remaining = 0
  for await (const piece of source) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    while (rest.length > 0 && state !== 'done') {
      if (state === 'data') {
        const data = rest.subarray(0, remaining)
        rest = rest.subarray(data.length)
        remaining -= data.length
        if (remaining === 0) state = 'after-data'
        yield data
        continue
      }
      const end = rest.indexOf('\r\n')
      if (end < 0) {
        if (rest.length > LONGEST_LINE_BYTES) throw invalidRequest('The aws-chunked body has a line without an end.')
        break
      }
      const line = rest.toString('latin1', 0, end)
      rest = rest.subarray(end + 2)
      if (state === 'after-data') {
        if (line !== '') throw invalidRequest('A chunk of the aws-chunked body is longer than it says.')
        state = 'size'
      } else if (state === 'size') {
        remaining = chunkSize(line)
        state = remaining === 0 ? 'trailer' : 'data'
      } else if (line === '') {
        state = 'done'
      } else {
        const colon = line.indexOf(':')
        trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
      }
    }
  }
  if (state !== 'done') throw invalidRequest('The aws-chunked body ended before its last chunk.')
}

function chunkSize(line: string): number {
  const size = /^([0-9a-f]{1,12})(;.*)?$/i.exec(line)?.[1]
  if (size === undefined) throw invalidRequest('The aws-chunked body has a chunk without a size.')
  return Number.parseInt(size, 16)
}
