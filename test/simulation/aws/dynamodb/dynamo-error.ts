import { errorAnswer } from '../answers.ts'
import type { ServiceResponse } from '../simulated-service.ts'

type DynamoErrorType =
  | 'ValidationException'
  | 'ConditionalCheckFailedException'
  | 'ProvisionedThroughputExceededException'
  | 'ResourceNotFoundException'

/** A refusal by DynamoDB, thrown within the service and answered by it. */
export class DynamoError extends Error {
  readonly type: DynamoErrorType

  constructor(type: DynamoErrorType, message: string) {
    super(message)
    this.type = type
  }

  answer(): ServiceResponse {
    return errorAnswer('dynamodb', 400, this.type, this.message)
  }
}

export const invalid = (message: string) => new DynamoError('ValidationException', message)
