import { OutsideSimulation } from '../outside-simulation.ts'
import type { AttributeValue, Item } from './attribute-values.ts'
import { invalid } from './dynamo-error.ts'
import type { Substitutions } from './evaluate.ts'
import type { Parsed } from './expressions.ts'

interface WithExpressions {
  readonly TableName: string
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>
}

export interface GetItemRequest extends WithExpressions {
  readonly Key: Item
  readonly ConsistentRead?: boolean
  readonly ProjectionExpression?: string
}

export interface PutItemRequest extends WithExpressions {
  readonly Item: Item
  readonly ConditionExpression?: string
}

export interface UpdateItemRequest extends WithExpressions {
  readonly Key: Item
  readonly UpdateExpression: string
  readonly ConditionExpression?: string
  readonly ReturnValues?: string
}

export interface QueryRequest extends WithExpressions {
  readonly IndexName?: string
  readonly KeyConditionExpression: string
  readonly FilterExpression?: string
  readonly ProjectionExpression?: string
  readonly ConsistentRead?: boolean
  readonly ExclusiveStartKey?: Item
  readonly Limit?: number
  readonly ScanIndexForward?: boolean
}

export interface BatchWriteItemRequest {
  readonly RequestItems: Readonly<Record<string, readonly { readonly PutRequest: { readonly Item: Item } }[]>>
}

const WITH_EXPRESSIONS = ['TableName', 'ExpressionAttributeNames', 'ExpressionAttributeValues']

/** The members that are known of each operation's request. */
export const knownMembers = {
  GetItem: [...WITH_EXPRESSIONS, 'Key', 'ConsistentRead', 'ProjectionExpression'],
  PutItem: [...WITH_EXPRESSIONS, 'Item', 'ConditionExpression'],
  UpdateItem: [...WITH_EXPRESSIONS, 'Key', 'UpdateExpression', 'ConditionExpression', 'ReturnValues'],
  Query: [
    ...WITH_EXPRESSIONS,
    ...['IndexName', 'KeyConditionExpression', 'FilterExpression', 'ProjectionExpression', 'ConsistentRead'],
    ...['ExclusiveStartKey', 'Limit', 'ScanIndexForward'],
  ],
  BatchWriteItem: ['RequestItems'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type Operation = keyof typeof knownMembers

export function refuseUnknownMembers(operation: Operation, request: object): void {
  const known: readonly string[] = knownMembers[operation]
  const unknown = Object.keys(request).filter(member => !known.includes(member))
  if (unknown.length > 0) throw new OutsideSimulation(`${unknown.join(' and ')} of DynamoDB's ${operation}`)
}

/** The request's placeholders, each of which one of its expressions must use. */
export function substitutions(request: WithExpressions, used: readonly Parsed<unknown>[]): Substitutions {
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = request
  refuseUnused('Names', names, used)
  refuseUnused('Values', values, used)
  return { names, values }
}

function refuseUnused(kind: 'Names' | 'Values', given: object, used: readonly Parsed<unknown>[]): void {
  for (const placeholder of Object.keys(given)) {
    if (used.some(({ placeholders }) => placeholders.has(placeholder))) continue
    throw invalid(`Value provided in ExpressionAttribute${kind} unused in expressions: keys: {${placeholder}}`)
  }
}
