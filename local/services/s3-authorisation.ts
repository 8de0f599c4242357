import type { IncomingMessage } from 'node:http'
import { S3Refusal } from './s3-refusal.ts'

const LONGEST_LIFE_SECONDS = 7 * 24 * 3600

/**
 * Who may ask: a request signed in its headers, or a presigned URL that has not expired. The signature itself is not
 * calculated again; everything that can reach this server runs on this computer.
 */
export function authorise(request: IncomingMessage, query: URLSearchParams, nowMs: number): void {
  if (query.has('X-Amz-Signature')) {
    checkLife(query, nowMs)
    return
  }
  if (request.headers.authorization?.startsWith('AWS4-') !== true) {
    throw accessDenied('The request is not signed: it needs an Authorization header or a presigned URL.')
  }
}

function checkLife(query: URLSearchParams, nowMs: number): void {
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '')
  const lifeSeconds = Number(query.get('X-Amz-Expires') ?? Number.NaN)
  if (date === null || !(lifeSeconds >= 1 && lifeSeconds <= LONGEST_LIFE_SECONDS) || !query.has('X-Amz-Credential')) {
    throw new S3Refusal(
      400,
      'AuthorizationQueryParametersError',
      'A presigned URL needs X-Amz-Credential, X-Amz-Date and X-Amz-Expires between 1 second and 7 days.',
    )
  }
  const [, year, month, day, hour, minute, second] = date
  const signedMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (nowMs >= signedMs + lifeSeconds * 1000) throw accessDenied('Request has expired')
}

const accessDenied = (message: string) => new S3Refusal(403, 'AccessDenied', message)
