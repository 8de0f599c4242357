import { assertNever } from '../../../../functions/runtime/assert-never.ts'
import type { Clock } from '../../../../functions/runtime/clock.ts'
import { jsonAnswer, jsonOf } from '../answers.ts'
import { OutsideSimulation } from '../outside-simulation.ts'
import type { ServiceRequest, ServiceResponse, SimulatedService } from '../simulated-service.ts'
import { toPlain } from './attribute-values.ts'
import { DynamoError } from './dynamo-error.ts'
import { getItem, query, type ReadHooks } from './reads.ts'
import {
  type BatchWriteItemRequest,
  type GetItemRequest,
  knownMembers,
  type Operation,
  type PutItemRequest,
  type QueryRequest,
  refuseUnknownMembers,
  type UpdateItemRequest,
} from './requests.ts'
import { STALE_MS_MAX, type TableDefinition, TableState } from './table-state.ts'
import { batchWriteItem, type KeyInTable, putItem, updateItem } from './writes.ts'

/** What the engine decides. */
export interface DynamoDbHooks {
  /** How old the view of a read that is not consistent is, from 0 to STALE_MS_MAX. Asked for each row; `indexName` as in the query. */
  readonly staleMs: (read: KeyInTable & { readonly indexName: string | undefined }) => number
  /** Whether BatchWriteItem leaves this put undone. A call that did nothing is throttled. */
  readonly unprocessed: (put: KeyInTable) => boolean
  /** The most items that one page of a query reads; asked for each page. */
  readonly pageItems: () => number
}

export interface SimulatedDynamoDb {
  readonly service: SimulatedService
  /** The item as it is now, in plain values. */
  item(tableName: string, pk: string, sk: string): Record<string, unknown> | undefined
  /** Every item of a table as it is now, a partition after the other, in order of the sort key. */
  items(tableName: string): Generator<Record<string, unknown>>
}

const faultless: DynamoDbHooks = { staleMs: () => 0, unprocessed: () => false, pageItems: () => Infinity }

/** The operations and expressions that the stores use, with DynamoDB's checks of them; anything else is OutsideSimulation. */
export function simulatedDynamoDb(
  clock: Pick<Clock, 'now'>,
  definitions: readonly TableDefinition[],
  hooks: Partial<DynamoDbHooks> = {},
): SimulatedDynamoDb {
  const { staleMs, unprocessed, pageItems } = { ...faultless, ...hooks }
  const tables = new Map(definitions.map(definition => [definition.tableName, new TableState(definition)]))

  function tableOf(tableName: string): TableState {
    const table = tables.get(tableName)
    if (table === undefined) throw new DynamoError('ResourceNotFoundException', `Table ${tableName} not found`)
    return table
  }

  const viewHooks = (tableName: string, indexName: string | undefined): ReadHooks => ({
    pageItems,
    viewAtMs: ({ pk, sk }) => {
      const ageMs = staleMs({ tableName, indexName, pk, sk })
      if (ageMs < 0 || ageMs > STALE_MS_MAX) throw new RangeError(`staleMs is to be 0 to ${STALE_MS_MAX}, not ${ageMs}`)
      return ageMs === 0 ? Infinity : clock.now() - ageMs
    },
  })

  function perform(operation: Operation, request: ServiceRequest): object {
    switch (operation) {
      case 'GetItem': {
        const input = checked(operation, jsonOf<GetItemRequest>(request))
        return getItem(tableOf(input.TableName), input, viewHooks(input.TableName, undefined))
      }
      case 'Query': {
        const input = checked(operation, jsonOf<QueryRequest>(request))
        return query(tableOf(input.TableName), input, viewHooks(input.TableName, input.IndexName))
      }
      case 'PutItem': {
        const input = checked(operation, jsonOf<PutItemRequest>(request))
        return putItem(tableOf(input.TableName), input, clock.now())
      }
      case 'UpdateItem': {
        const input = checked(operation, jsonOf<UpdateItemRequest>(request))
        return updateItem(tableOf(input.TableName), input, clock.now())
      }
      case 'BatchWriteItem':
        return batchWriteItem(
          tableOf,
          checked(operation, jsonOf<BatchWriteItemRequest>(request)),
          unprocessed,
          clock.now(),
        )
      default:
        return assertNever(operation)
    }
  }

  return {
    service: request => answer(() => perform(operationOf(request), request)),
    item: (tableName, pk, sk) => {
      const item = tableOf(tableName).find(pk, sk)?.item
      return item === undefined ? undefined : toPlain(item)
    },
    items: function* (tableName) {
      for (const { item } of tableOf(tableName).rows()) if (item !== undefined) yield toPlain(item)
    },
  }
}

function checked<Request extends object>(operation: Operation, request: Request): Request {
  refuseUnknownMembers(operation, request)
  return request
}

function operationOf({ headers }: ServiceRequest): Operation {
  const [, name = ''] = (headers['x-amz-target'] ?? '').split('.')
  if (isOperation(name)) return name
  throw new OutsideSimulation(`DynamoDB's ${name}`)
}

const isOperation = (name: string): name is Operation => Object.hasOwn(knownMembers, name)

function answer(perform: () => object): ServiceResponse {
  try {
    return jsonAnswer(200, perform())
  } catch (error) {
    if (error instanceof DynamoError) return error.answer()
    throw error
  }
}
