import { routeMatcher } from '../../../local/runtime/http-routes.ts'
import type { RouteDefinition } from '../../../local/template/deployment.ts'
import type { Evidence } from './evidence.ts'
import { type Exchange, type RecordingProxy, startRecordingProxy } from './recording-proxy.ts'

export interface ServedApi {
  readonly url: string
  readonly routes: readonly RouteDefinition[]
  /** As the template has it. */
  readonly accessLogFormat: string
}

/** The API, with each answer and each line of its access log on record. */
export function recordApi(evidence: Evidence, api: ServedApi): Promise<RecordingProxy> {
  const match = routeMatcher(api.routes)
  const routeOf = ({ method, path }: Exchange) => match(method, decoded(path.split('?', 1)[0] ?? '/'))?.route.routeKey
  return startRecordingProxy(api.url, exchange => {
    const route = routeOf(exchange) ?? 'no route'
    const head = JSON.stringify(exchange.answerHeaders)
    evidence.add('API answer', `${route}, ${exchange.status}`, `${head}\n${exchange.answer}`)
    evidence.add('access log', route, accessLogLine(api.accessLogFormat, exchange, route))
  })
}

/** What API Gateway puts in place of a variable, as far as the client chooses it; of the others only the name stays. */
function accessLogLine(format: string, { method, path, headers, status }: Exchange, route: string): string {
  const [rawPath = '', query = ''] = path.split(/\?(.*)/s)
  const chosen: Readonly<Record<string, string>> = {
    path: decoded(rawPath),
    'http.path': decoded(rawPath),
    resourcePath: decoded(rawPath),
    httpMethod: method,
    routeKey: route,
    status: String(status),
    'identity.userAgent': headers['user-agent'] ?? '',
    'http.userAgent': headers['user-agent'] ?? '',
    queryString: query,
  }
  return format.replace(/\$context\.([A-Za-z.]+)/g, (whole, name) => chosen[name] ?? whole)
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
