import { OutsideSimulation } from '../outside-simulation.ts'
import { DynamoError, invalid } from './dynamo-error.ts'
import { holds, type Substitutions, updated } from './evaluate.ts'
import type { Condition, Parsed } from './expressions.ts'
import { parseCondition, parseUpdate } from './parse-expressions.ts'
import { type BatchWriteItemRequest, type PutItemRequest, substitutions, type UpdateItemRequest } from './requests.ts'
import { keyOf, type TableState } from './table-state.ts'

const PUTS_MAX = 25

export function putItem(table: TableState, request: PutItemRequest, nowMs: number): object {
  const condition = conditionOf(request)
  const given = substitutions(request, condition === undefined ? [] : [condition])
  refuseUnless(condition, table, keyOf(request.Item), given)
  table.put(request.Item, nowMs)
  return {}
}

export function updateItem(table: TableState, request: UpdateItemRequest, nowMs: number): object {
  const update = parseUpdate(request.UpdateExpression)
  const condition = conditionOf(request)
  const given = substitutions(request, condition === undefined ? [update] : [update, condition])
  const key = keyOf(request.Key)
  refuseUnless(condition, table, key, given)
  const after = updated(update.expression, table.find(key.pk, key.sk)?.item ?? request.Key, given)
  const { pk, sk } = keyOf(after)
  if (pk !== key.pk || sk !== key.sk) throw invalid('Cannot update pk or sk. This attribute is part of the key')
  table.put(after, nowMs)
  switch (request.ReturnValues) {
    case undefined:
    case 'NONE':
      return {}
    case 'ALL_NEW':
      return { Attributes: after }
    default:
      throw new OutsideSimulation(`ReturnValues ${request.ReturnValues}`)
  }
}

function conditionOf({
  ConditionExpression,
}: {
  readonly ConditionExpression?: string
}): Parsed<Condition> | undefined {
  return ConditionExpression === undefined ? undefined : parseCondition(ConditionExpression)
}

function refuseUnless(
  condition: Parsed<Condition> | undefined,
  table: TableState,
  { pk, sk }: Key,
  given: Substitutions,
): void {
  if (condition === undefined || holds(condition.expression, table.find(pk, sk)?.item ?? {}, given)) return
  throw new DynamoError('ConditionalCheckFailedException', 'The conditional request failed')
}

type Key = ReturnType<typeof keyOf>

export interface KeyInTable extends Key {
  readonly tableName: string
}

/** Puts one by one, each alone; those that `unprocessed` names are handed back. A call that did nothing is throttled. */
export function batchWriteItem(
  tableOf: (tableName: string) => TableState,
  { RequestItems }: BatchWriteItemRequest,
  unprocessed: (put: KeyInTable) => boolean,
  nowMs: number,
): object {
  const puts = Object.entries(RequestItems).flatMap(([tableName, requests]) =>
    requests.map(request => {
      if (request.PutRequest === undefined) throw new OutsideSimulation('a BatchWriteItem request other than a put')
      return { table: tableOf(tableName), tableName, request, ...keyOf(request.PutRequest.Item) }
    }),
  )
  const keys = new Set(puts.map(({ tableName, pk, sk }) => JSON.stringify([tableName, pk, sk])))
  if (puts.length === 0 || puts.length > PUTS_MAX) throw invalid(`Member must have length between 1 and ${PUTS_MAX}`)
  if (keys.size < puts.length) throw invalid('Provided list of item keys contains duplicates')
  const left = new Set(puts.filter(({ tableName, pk, sk }) => unprocessed({ tableName, pk, sk })))
  if (left.size === puts.length) {
    throw new DynamoError('ProvisionedThroughputExceededException', 'The provisioned throughput was exceeded')
  }
  for (const put of puts) if (!left.has(put)) put.table.put(put.request.PutRequest.Item, nowMs)
  const groups = Object.entries(Object.groupBy(left, ({ tableName }) => tableName))
  return {
    UnprocessedItems: Object.fromEntries(
      groups.map(([tableName, group = []]) => [tableName, group.map(({ request }) => request)]),
    ),
  }
}
