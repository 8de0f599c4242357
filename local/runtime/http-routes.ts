import type { RouteDefinition } from '../template/deployment.ts'
import { TemplateError } from '../template/template-error.ts'

export interface MatchedRoute {
  readonly route: RouteDefinition
  readonly pathParameters: Readonly<Record<string, string>>
}

type Segment = { kind: 'literal'; text: string } | { kind: 'variable'; name: string } | { kind: 'greedy'; name: string }

interface ParsedRoute {
  readonly route: RouteDefinition
  readonly method: string
  readonly segments: readonly Segment[]
}

/** Finds the route of a request as an HTTP API does: a literal segment beats a variable, and that a greedy one. */
export function routeMatcher(routes: readonly RouteDefinition[]) {
  const parsed = routes.map(parseRoute).sort(bySpecificity)
  return (method: string, decodedPath: string): MatchedRoute | undefined => {
    const parts = decodedPath.split('/').slice(1)
    for (const { route, method: routeMethod, segments } of parsed) {
      if (routeMethod !== method && routeMethod !== 'ANY') continue
      const pathParameters = matchSegments(segments, parts)
      if (pathParameters !== undefined) return { route, pathParameters }
    }
    return undefined
  }
}

function parseRoute(route: RouteDefinition): ParsedRoute {
  const [, method, path] = /^([A-Z]+) \/(.*)$/.exec(route.routeKey) ?? []
  if (method === undefined || path === undefined) {
    throw new TemplateError(`The local API serves routes such as "GET /notices/{noticeId}", not "${route.routeKey}".`)
  }
  return { route, method, segments: path.split('/').map(parseSegment) }
}

function parseSegment(text: string): Segment {
  const [, name, greedy] = /^\{([^}+]+)(\+?)\}$/.exec(text) ?? []
  if (name === undefined) return { kind: 'literal', text }
  return { kind: greedy === '+' ? 'greedy' : 'variable', name }
}

function matchSegments(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const part = parts[index]
    if (part === undefined) return undefined
    if (segment.kind === 'greedy') return { ...parameters, [segment.name]: parts.slice(index).join('/') }
    if (segment.kind === 'literal' ? segment.text !== part : part === '') return undefined
    if (segment.kind === 'variable') parameters[segment.name] = part
  }
  return segments.length === parts.length ? parameters : undefined
}

const rank: Readonly<Record<Segment['kind'], number>> = { literal: 0, variable: 1, greedy: 2 }

function bySpecificity(a: ParsedRoute, b: ParsedRoute): number {
  for (const [index, segment] of a.segments.entries()) {
    const other = b.segments[index]
    if (other !== undefined && rank[segment.kind] !== rank[other.kind]) return rank[segment.kind] - rank[other.kind]
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY')
}
