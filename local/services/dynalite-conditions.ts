import { createRequire } from 'node:module'

interface ConditionedRequest {
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE'
}

interface ConditionFailure {
  readonly body: Record<string, unknown>
}

interface DynaliteDatabase {
  checkConditional(request: ConditionedRequest, item: unknown): ConditionFailure | null | undefined
}

interface DynaliteValidation {
  readonly types: Record<string, unknown>
}

/**
 * Teaches dynalite 4.0.0 `ReturnValuesOnConditionCheckFailure`, which it otherwise ignores: a failed condition then
 * tells the item that it met, under the same lock, so that a retried write can recognise its own success.
 */
export function returnItemsOfFailedConditions(): void {
  const require = createRequire(import.meta.url)
  for (const operation of ['putItem', 'updateItem', 'deleteItem']) {
    const validation: DynaliteValidation = require(`dynalite/validations/${operation}`)
    validation.types['ReturnValuesOnConditionCheckFailure'] = { type: 'String', enum: ['ALL_OLD', 'NONE'] }
  }
  const database: DynaliteDatabase = require('dynalite/db')
  const checkConditional = database.checkConditional
  database.checkConditional = (request, item) => {
    const failure = checkConditional(request, item)
    if (failure && item !== undefined && request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD') {
      failure.body['Item'] = item
    }
    return failure
  }
}
