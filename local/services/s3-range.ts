import { S3Refusal } from './s3-refusal.ts'

export interface ByteRange {
  readonly first: number
  readonly last: number
  readonly partial: boolean
}

/** The bytes that a Range header asks for. A header that is not one byte range is ignored, as HTTP says. */
export function byteRange(header: string | undefined, size: number): ByteRange {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if ((from === '' && to === '') || (from !== '' && to !== '' && Number(from) > Number(to))) {
    return { first: 0, last: size - 1, partial: false }
  }
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (first >= size || (from === '' && Number(to) === 0)) {
    throw new S3Refusal(416, 'InvalidRange', `The object has ${size} bytes; the range ${header} is outside.`)
  }
  return { first, last, partial: true }
}
