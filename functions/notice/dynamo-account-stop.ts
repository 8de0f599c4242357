import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { type AccountStop, accountStopSchema } from './account-stop.ts'
import type { NoticeStore } from './notice-store.ts'

const itemSchema = accountStopSchema.extend({ pk: z.string(), sk: z.string() })
const key = { pk: 'ACCOUNT', sk: 'STOP' }

/** The item that stops all notices. A repeated write raises the generation once more, which stops what is stopped. */
export function dynamoAccountStop(
  client: DynamoDBDocumentClient,
  tableName: string,
): Pick<NoticeStore, 'stopAll'> & { readonly readAccountStop: () => Promise<AccountStop | undefined> } {
  return {
    readAccountStop: async () => {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }))
      return Item === undefined ? undefined : parseItem(Item)
    },
    stopAll: async (reason, nowMs) => {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: key,
          UpdateExpression: 'SET generation = if_not_exists(generation, :zero) + :one, atMs = :nowMs, reason = :reason',
          ExpressionAttributeValues: { ':zero': 0, ':one': 1, ':nowMs': nowMs, ':reason': reason },
          ReturnValues: 'ALL_NEW',
        }),
      )
      return parseItem(Attributes)
    },
  }
}

function parseItem(item: unknown): AccountStop {
  const { pk: _, sk: __, ...stop } = itemSchema.parse(item)
  return stop
}
