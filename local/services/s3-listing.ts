import type { StoredObject } from './s3-objects.ts'
import { notImplemented } from './s3-refusal.ts'
import type { XmlElement } from './s3-xml.ts'

const LARGEST_PAGE = 1000

/**
 * ListObjectsV2: keys in order of their UTF-8 bytes, by prefix, a page at a time. The token is the last key of a page.
 */
export function listing(
  bucket: string,
  objects: ReadonlyMap<string, StoredObject>,
  query: URLSearchParams,
): XmlElement {
  if (query.get('list-type') !== '2') throw notImplemented('ListObjects version 1; use version 2')
  if (query.get('delimiter')) throw notImplemented('a delimiter in ListObjectsV2')
  const prefix = query.get('prefix') ?? ''
  const token = query.get('continuation-token')
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString()
  const pageSize = Math.min(Number(query.get('max-keys') ?? LARGEST_PAGE), LARGEST_PAGE)
  const found = Array.from(objects)
    .filter(([key]) => key.startsWith(prefix) && (after === '' || byBytes(key, after) > 0))
    .sort(([one], [other]) => byBytes(one, other))
  const page = found.slice(0, pageSize)
  const truncated = page.length < found.length
  const next = truncated ? Buffer.from(page.at(-1)?.[0] ?? '').toString('base64url') : undefined
  return [
    'ListBucketResult',
    [
      ['Name', bucket],
      ['Prefix', prefix],
      ['KeyCount', page.length],
      ['MaxKeys', pageSize],
      ['IsTruncated', truncated],
      ['NextContinuationToken', next],
      ...page.map(entry),
    ],
  ]
}

const byBytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other))

function entry([key, { size, etag, lastModified }]: [string, StoredObject]): XmlElement {
  const content: XmlElement[] = [
    ['Key', key],
    ['LastModified', lastModified.toISOString()],
    ['ETag', `"${etag}"`],
    ['Size', size],
    ['StorageClass', 'STANDARD'],
  ]
  return ['Contents', content]
}
