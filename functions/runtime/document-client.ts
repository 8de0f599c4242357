import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import { withoutRequestLog } from './aws-client.ts'

/** A DynamoDB client that leaves out undefined attributes. Endpoint, region and credentials come from the environment. */
export function createDocumentClient(): DynamoDBDocumentClient {
  const client = withoutRequestLog(new DynamoDBClient({}))
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
}

/** For `.then(…, whenConditionFails(value))`: a failed condition is an expected outcome; every other error stays one. */
export function whenConditionFails<T>(value: T): (error: unknown) => T {
  return error => {
    if (error instanceof ConditionalCheckFailedException) return value
    throw error
  }
}

/** Every item of a query, page after page. */
export async function* queryItems(client: DynamoDBDocumentClient, query: QueryCommandInput): AsyncGenerator<unknown> {
  let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey']
  do {
    const page = await client.send(new QueryCommand({ ...query, ...(ExclusiveStartKey && { ExclusiveStartKey }) }))
    yield* page.Items ?? []
    ExclusiveStartKey = page.LastEvaluatedKey
  } while (ExclusiveStartKey !== undefined)
}
