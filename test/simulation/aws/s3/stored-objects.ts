import { createHash } from 'node:crypto'

export interface StoredObject {
  readonly bytes: Uint8Array
  readonly etag: string
  readonly contentType: string
  readonly storedAtMs: number
}

/** MD5 in quotation marks, as S3 has it for objects put in one piece. */
export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`
}

export type RangeResult =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' }

/** `bytes=first-last` or `bytes=first-`; S3 ignores a range that it cannot read. */
export function rangeOf(header: string | undefined, size: number): RangeResult {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? []
  if (first === undefined || last === undefined) return { kind: 'whole' }
  const start = Number(first)
  const end = Math.min(size, last === '' ? size : Number(last) + 1)
  return start < end ? { kind: 'part', start, end } : { kind: 'unsatisfiable' }
}
