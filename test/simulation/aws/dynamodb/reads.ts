import { OutsideSimulation } from '../outside-simulation.ts'
import { type Item, textOf } from './attribute-values.ts'
import { invalid } from './dynamo-error.ts'
import { holds, resolved, type Substitutions } from './evaluate.ts'
import type { Condition, Operand, Parsed, Path } from './expressions.ts'
import { parseCondition, parseProjection } from './parse-expressions.ts'
import { type GetItemRequest, type QueryRequest, substitutions } from './requests.ts'
import { itemAt, keyOf, orderByRange, pick, type Row, type TableState } from './table-state.ts'

export interface ReadHooks {
  /** The time as of which a read that is not consistent sees this row. */
  readonly viewAtMs: (row: Row) => number
  readonly pageItems: () => number
}

export function getItem(table: TableState, request: GetItemRequest, { viewAtMs }: ReadHooks): object {
  const projection = projectionOf(request)
  const given = substitutions(request, projection === undefined ? [] : [projection])
  const { pk, sk } = keyOf(request.Key)
  const row = table.find(pk, sk)
  const item = row && itemAt(row, request.ConsistentRead === true ? Infinity : viewAtMs(row))
  return item === undefined ? {} : { Item: projected(item, projection, given) }
}

function projectionOf({ ProjectionExpression }: { readonly ProjectionExpression?: string }) {
  return ProjectionExpression === undefined ? undefined : parseProjection(ProjectionExpression)
}

function projected(item: Item, projection: Parsed<readonly Path[]> | undefined, given: Substitutions): Item {
  if (projection === undefined) return item
  const names = projection.expression.map(path => topLevel(resolved(path, given)))
  return pick(item, names)
}

export interface QueryResponse {
  readonly Items: readonly Item[]
  readonly Count: number
  readonly ScannedCount: number
  readonly LastEvaluatedKey?: Item
}

/** One page. A page that ends on its limit names a last key, even when nothing comes after it. */
export function query(table: TableState, request: QueryRequest, hooks: ReadHooks): QueryResponse {
  const condition = parseCondition(request.KeyConditionExpression)
  const filter = request.FilterExpression === undefined ? undefined : parseCondition(request.FilterExpression)
  const projection = projectionOf(request)
  const given = substitutions(
    request,
    [condition, filter, projection].filter(parsed => parsed !== undefined),
  )
  const source = sourceOf(table, request, hooks)
  refuseOtherKeys(condition.expression, source, given)
  const found = source
    .items(hashOf(condition.expression, source.hash, given))
    .filter(item => holds(condition.expression, item, given))
  const ordered = request.ScanIndexForward === false ? found.reverse() : found
  const rest = ordered.slice(startOf(ordered, request, source))
  const page = rest.slice(0, Math.min(request.Limit ?? Infinity, Math.max(1, hooks.pageItems())))
  const kept = filter === undefined ? page : page.filter(item => holds(filter.expression, item, given))
  const last = page.at(-1)
  const limited = page.length < rest.length || page.length === request.Limit
  return {
    Items: kept.map(item => projected(item, projection, given)),
    Count: kept.length,
    ScannedCount: page.length,
    ...(limited && last !== undefined && { LastEvaluatedKey: pick(last, source.keyNames) }),
  }
}

interface Source {
  readonly hash: string
  readonly range: string
  readonly keyNames: readonly string[]
  /** In order of the range key, as they are read. */
  items(hash: string): Item[]
  order(a: Item, b: Item): number
}

function sourceOf(table: TableState, request: QueryRequest, { viewAtMs }: ReadHooks): Source {
  const read = (row: Row): readonly Item[] => {
    const item = itemAt(row, request.ConsistentRead === true ? Infinity : viewAtMs(row))
    return item === undefined ? [] : [item]
  }
  const { IndexName } = request
  if (IndexName === undefined) {
    const keys = { hash: 'pk', range: 'sk', keyNames: ['pk', 'sk'] }
    return { ...keys, items: pk => table.partition(pk).flatMap(read), order: (a, b) => orderByRange('sk', a, b) }
  }
  const index = table.definition.indexes.find(({ indexName }) => indexName === IndexName)
  if (index === undefined) throw invalid(`The table does not have the specified index: ${IndexName}`)
  if (request.ConsistentRead === true) throw invalid('Consistent reads are not supported on global secondary indexes')
  const order = (a: Item, b: Item) => orderByRange(index.range, a, b)
  const items = () =>
    [...table.indexed(IndexName)]
      .flatMap(read)
      .filter(item => item[index.hash] !== undefined && item[index.range] !== undefined)
      .sort(order)
  return { hash: index.hash, range: index.range, keyNames: ['pk', 'sk', index.hash, index.range], items, order }
}

/** After the start key, which may have left the query's range since. */
function startOf(
  ordered: readonly Item[],
  { ExclusiveStartKey: start, ScanIndexForward }: QueryRequest,
  { order }: Source,
): number {
  if (start === undefined) return 0
  const sign = ScanIndexForward === false ? -1 : 1
  const next = ordered.findIndex(item => order(item, start) * sign > 0)
  return next === -1 ? ordered.length : next
}

function hashOf(condition: Condition, hash: string, given: Substitutions): string {
  for (const part of conjuncts(condition)) {
    if (part.kind !== 'compare' || part.comparator !== '=' || part.right.kind !== 'value') continue
    if (nameOf(part.left, given) !== hash) continue
    const value = textOf(given.values[part.right.name])
    if (value !== undefined) return value
  }
  throw invalid(`Query condition missed key schema element: ${hash}`)
}

/** A key condition speaks of the hash key and the range key alone, each once. */
function refuseOtherKeys(condition: Condition, { hash, range }: Source, given: Substitutions): void {
  const names = conjuncts(condition).map(part => {
    if (part.kind === 'compare' && part.comparator !== '<>') return nameOf(part.left, given)
    if (part.kind === 'between') return nameOf(part.operand, given)
    if (part.kind === 'begins-with') return topLevel(resolved(part.path, given))
    throw invalid('Invalid operator used in KeyConditionExpression')
  })
  const allowed = names.every(name => name === hash || name === range)
  if (!allowed || new Set(names).size !== names.length) throw invalid('Query key condition not supported')
}

function conjuncts(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? [...conjuncts(condition.left), ...conjuncts(condition.right)] : [condition]
}

function nameOf(operand: Operand, given: Substitutions): string | undefined {
  return operand.kind === 'path' ? topLevel(resolved(operand.path, given)) : undefined
}

function topLevel([name = '', ...rest]: readonly string[]): string {
  if (rest.length > 0) throw new OutsideSimulation(`the nested path ${[name, ...rest].join('.')} in a query`)
  return name
}
