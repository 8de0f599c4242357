import { type Item, toPlain } from '../../test/simulation/aws/dynamodb/attribute-values.ts'
import type { ServiceRequest, ServiceResponse } from '../../test/simulation/aws/simulated-service.ts'

const WRITE_UNIT_BYTES = 1_024
const READ_UNIT_BYTES = 4_096

/** Items of which the index `byState` keeps a whole copy, which is written with them. */
const isIndexed = (item: Readonly<Record<string, unknown>>) => 'state' in item && 'createdAtMs' in item

/** What DynamoDB bills a call with, in read or write units. `itemAt` gives an item as the call left it. */
export function consumedUnits(
  operation: string,
  request: ServiceRequest,
  response: ServiceResponse,
  itemAt: (tableName: string, key: Item) => Readonly<Record<string, unknown>> | undefined,
): number {
  const asked = JSON.parse(Buffer.from(request.body).toString())
  const answered = JSON.parse(Buffer.from(response.body).toString())
  switch (operation) {
    case 'GetItem':
      return readUnits(answered.Item === undefined ? 0 : sizeOf(toPlain(answered.Item)), asked.ConsistentRead)
    case 'Query': {
      const items: readonly Item[] = answered.Items ?? []
      const bytes = items.reduce((sum, item) => sum + sizeOf(toPlain(item)), 0)
      return readUnits(bytes, asked.ConsistentRead)
    }
    case 'PutItem':
      return writeUnits(toPlain(asked.Item))
    case 'UpdateItem':
      return writeUnits(itemAt(asked.TableName, asked.Key) ?? {})
    case 'BatchWriteItem': {
      const requests: readonly (readonly { readonly PutRequest: { readonly Item: Item } }[])[] = Object.values(
        asked.RequestItems,
      )
      return requests.flat().reduce((sum, { PutRequest }) => sum + writeUnits(toPlain(PutRequest.Item)), 0)
    }
    default:
      throw new TypeError(`It is not known what DynamoDB bills for ${operation}`)
  }
}

function writeUnits(item: Readonly<Record<string, unknown>>): number {
  const units = Math.max(1, Math.ceil(sizeOf(item) / WRITE_UNIT_BYTES))
  return isIndexed(item) ? 2 * units : units
}

function readUnits(bytes: number, consistent: unknown): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent === true ? 1 : 0.5)
}

/** What DynamoDB counts an item as: names and strings in UTF-8, two digits of a number a byte, one byte an element. */
function sizeOf(item: Readonly<Record<string, unknown>>): number {
  return Object.entries(item).reduce((size, [name, value]) => size + Buffer.byteLength(name) + sizeOfValue(value), 0)
}

function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number') return Math.ceil(String(value).replaceAll(/[-.]/g, '').length / 2) + 1
  if (Array.isArray(value)) return value.reduce<number>((size, element) => size + 1 + sizeOfValue(element), 3)
  if (typeof value === 'object' && value !== null) return 3 + Object.keys(value).length + sizeOf({ ...value })
  return 1
}
