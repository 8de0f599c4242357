import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
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
