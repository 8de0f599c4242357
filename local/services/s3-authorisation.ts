import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { localCredentials } from '../network-guard.ts'
import { S3Refusal } from './s3-refusal.ts'

const LONGEST_LIFE_SECONDS = 7 * 24 * 3600

/**
 * Who may ask: a request signed in its headers, by whom ever (all that reaches this server runs on this computer), or a
 * presigned URL whose time and signature are right. The signature counts, because it is what binds a client of a
 * presigned URL to the headers that were signed with it, such as `If-None-Match: *`.
 */
export function authorise(request: IncomingMessage, query: URLSearchParams, nowMs: number): void {
  if (query.has('X-Amz-Signature')) {
    checkLife(query, nowMs)
    checkSignature(request, query)
    return
  }
  if (request.headers.authorization?.startsWith('AWS4-') !== true) {
    throw forbidden('AccessDenied', 'The request is not signed: it needs an Authorization header or a presigned URL.')
  }
}

function checkLife(query: URLSearchParams, nowMs: number): void {
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '')
  const lifeSeconds = Number(query.get('X-Amz-Expires') ?? Number.NaN)
  if (date === null || !(lifeSeconds >= 1 && lifeSeconds <= LONGEST_LIFE_SECONDS)) {
    throw new S3Refusal(
      400,
      'AuthorizationQueryParametersError',
      'A presigned URL needs an X-Amz-Date, and an X-Amz-Expires between 1 second and 7 days.',
    )
  }
  const [, year, month, day, hour, minute, second] = date
  const signedMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (nowMs >= signedMs + lifeSeconds * 1000) throw forbidden('AccessDenied', 'Request has expired')
}

/** Signature version 4 over the query, as S3 calculates it. */
function checkSignature(request: IncomingMessage, query: URLSearchParams): void {
  const [accessKeyId, ...scope] = (query.get('X-Amz-Credential') ?? '').split('/')
  if (accessKeyId !== localCredentials.accessKeyId) {
    throw forbidden(
      'InvalidAccessKeyId',
      `Presigned URLs are signed with the access key "${localCredentials.accessKeyId}" here.`,
    )
  }
  const signedHeaders = (query.get('X-Amz-SignedHeaders') ?? '').split(';')
  const canonicalRequest = [
    request.method,
    request.url?.split('?')[0],
    canonicalQuery(query),
    ...signedHeaders.map(
      name =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replace(/\s+/g, ' ')}`,
    ),
    '',
    signedHeaders.join(';'),
    query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  ].join('\n')
  const digest = createHash('sha256').update(canonicalRequest).digest('hex')
  const text = ['AWS4-HMAC-SHA256', query.get('X-Amz-Date'), scope.join('/'), digest].join('\n')
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${localCredentials.secretAccessKey}`)
  const given = Buffer.from(query.get('X-Amz-Signature') ?? '', 'hex')
  const expected = hmac(key, text)
  if (given.length === expected.length && timingSafeEqual(given, expected)) return
  throw forbidden(
    'SignatureDoesNotMatch',
    `The presigned URL was changed, or is used with another method or without its headers (${signedHeaders.join(', ')}).`,
  )
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

function canonicalQuery(query: URLSearchParams): string {
  return Array.from(query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encodeStrictly(name), encodeStrictly(value)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

const encodeStrictly = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

const forbidden = (code: string, message: string) => new S3Refusal(403, code, message)
