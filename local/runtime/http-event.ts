import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type {
  APIGatewayEventRequestContextV2WithAuthorizer,
  APIGatewayProxyEventV2WithRequestContext,
} from 'aws-lambda'
import type { AccountScope } from '../template/intrinsics.ts'
import type { MatchedRoute } from './http-routes.ts'

export interface HttpRequest {
  readonly method: string
  /** Percent-decoded, as an HTTP API passes it on. */
  readonly path: string
  readonly rawQueryString: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly nowMs: number
}

interface IamAuthorizer {
  readonly iam: Readonly<Record<'accessKey' | 'accountId' | 'callerId' | 'userArn' | 'userId', string>>
}

export type HttpEvent = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2WithAuthorizer<IamAuthorizer | undefined>
>

/** A request as an HTTP API hands it to a function: payload format 2.0. */
export function httpEvent(
  request: HttpRequest,
  { route, pathParameters }: MatchedRoute,
  scope: AccountScope,
): HttpEvent {
  const { method, path, rawQueryString, headers, body } = request
  const { cookie, ...others } = headers
  const isBase64Encoded = body.length > 0 && !isText(headers)
  const query = queryParameters(rawQueryString)
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split(/; */) }),
    headers: joined(others),
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    requestContext: {
      accountId: scope.accountId,
      apiId: 'local',
      authorizer: route.authorization === 'AWS_IAM' ? authorizer(headers, scope) : undefined,
      domainName: headers.host ?? '127.0.0.1',
      domainPrefix: 'local',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: headers['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey: route.routeKey,
      stage: '$default',
      time: new Date(request.nowMs).toUTCString(),
      timeEpoch: Math.floor(request.nowMs),
    },
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  }
}

/**
 * Nobody is refused on one computer. A signed request comes from a user named after its access key, an unsigned one from the
 * user `local`, so that author and approver can be told apart.
 */
function authorizer(headers: IncomingHttpHeaders, { partition, accountId }: AccountScope): IamAuthorizer {
  const accessKey = /^AWS4-HMAC-SHA256 .*?Credential=([^/,\s]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'local'
  const userArn = `arn:${partition}:iam::${accountId}:user/${accessKey}`
  return { iam: { accessKey, accountId, callerId: accessKey, userArn, userId: accessKey } }
}

/** These types alone are text to an HTTP API, forms and requests without a type are not. */
function isText(headers: IncomingHttpHeaders): boolean {
  if (headers['content-encoding'] !== undefined) return false
  return /^(text\/.*|application\/(json|xml|javascript))$/i.test(
    (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '',
  )
}

function joined(headers: IncomingHttpHeaders): Record<string, string> {
  const present = Object.entries(headers).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    present.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]),
  )
}

/** A parameter that is given more than once has its values joined by commas. */
function queryParameters(rawQueryString: string): Record<string, string> {
  const given = new URLSearchParams(rawQueryString)
  return Object.fromEntries([...new Set(given.keys())].map(name => [name, given.getAll(name).join(',')]))
}
