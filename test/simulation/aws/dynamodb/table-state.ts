import { type AttributeValue, type Item, orderOf, textOf } from './attribute-values.ts'
import { invalid } from './dynamo-error.ts'

export interface IndexDefinition {
  readonly indexName: string
  readonly hash: string
  readonly range: string
}

/** Every table has the keys `pk` and `sk`, both strings. */
export interface TableDefinition {
  readonly tableName: string
  readonly indexes: readonly IndexDefinition[]
}

/** How long replaced items are remembered: the most that a stale read can lie behind. */
export const STALE_MS_MAX = 10_000

/** One key's item, and what it was lately. */
export interface Row {
  readonly pk: string
  readonly sk: string
  item: Item | undefined
  /** Oldest first; each was the item until `untilMs`. */
  readonly replaced: { readonly item: Item | undefined; readonly untilMs: number }[]
}

/** The item as it was at that time; Infinity is now. */
export function itemAt({ item, replaced }: Row, atMs: number): Item | undefined {
  let then = item
  for (let last = replaced.length - 1; last >= 0; last--) {
    const before = replaced[last]
    if (before === undefined || before.untilMs <= atMs) break
    then = before.item
  }
  return then
}

interface Partition {
  readonly rows: Map<string, Row>
  /** By sort key; undefined after a row was added. */
  sorted: readonly Row[] | undefined
}

export class TableState {
  readonly definition: TableDefinition
  readonly #partitions = new Map<string, Partition>()
  /** By index name: the rows that have, or had, the attributes of the index. */
  readonly #indexed = new Map<string, Set<Row>>()

  constructor(definition: TableDefinition) {
    this.definition = definition
    for (const { indexName } of definition.indexes) this.#indexed.set(indexName, new Set())
  }

  find(pk: string, sk: string): Row | undefined {
    return this.#partitions.get(pk)?.rows.get(sk)
  }

  put(item: Item, nowMs: number): void {
    const { pk, sk } = keyOf(item)
    const row = this.find(pk, sk) ?? this.#add(pk, sk)
    while ((row.replaced[0]?.untilMs ?? Infinity) < nowMs - STALE_MS_MAX) row.replaced.shift()
    row.replaced.push({ item: row.item, untilMs: nowMs })
    row.item = item
    for (const { indexName, hash, range } of this.definition.indexes) {
      if (item[hash] !== undefined && item[range] !== undefined) this.#indexed.get(indexName)?.add(row)
    }
  }

  #add(pk: string, sk: string): Row {
    const partition = this.#partitions.get(pk) ?? { rows: new Map<string, Row>(), sorted: undefined }
    this.#partitions.set(pk, partition)
    const row: Row = { pk, sk, item: undefined, replaced: [] }
    partition.rows.set(sk, row)
    partition.sorted = undefined
    return row
  }

  partition(pk: string): readonly Row[] {
    const partition = this.#partitions.get(pk)
    if (partition === undefined) return []
    partition.sorted ??= [...partition.rows.values()].sort((a, b) => (a.sk < b.sk ? -1 : 1))
    return partition.sorted
  }

  indexed(indexName: string): Iterable<Row> {
    return this.#indexed.get(indexName) ?? []
  }

  *rows(): Generator<Row> {
    for (const pk of this.#partitions.keys()) yield* this.partition(pk)
  }
}

export function keyOf(item: Item): { readonly pk: string; readonly sk: string } {
  const [pk, sk] = [textOf(item['pk']), textOf(item['sk'])]
  if (pk === undefined || sk === undefined || pk === '' || sk === '') {
    throw invalid('One or more parameter values were invalid: pk and sk must be strings that are not empty')
  }
  return { pk, sk }
}

/** The order of an index's items, and among equals that of their keys. */
export function orderByRange(range: string, a: Item, b: Item): number {
  const [left, right] = [a[range], b[range]]
  const order = left === undefined || right === undefined ? 0 : (orderOf(left, right) ?? 0)
  return order === 0 ? orderByKey(a, b) : order
}

function orderByKey(a: Item, b: Item): number {
  const [left, right] = [keyOf(a), keyOf(b)]
  if (left.pk !== right.pk) return left.pk < right.pk ? -1 : 1
  return left.sk === right.sk ? 0 : left.sk < right.sk ? -1 : 1
}

export function pick(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(
    names.flatMap((name): [string, AttributeValue][] => {
      const value = item[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
