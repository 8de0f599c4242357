import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { whenConditionFails } from '../runtime/document-client.ts'
import type { PacerState, PacerStore } from './pacer-store.ts'

const itemSchema = z.object({
  tatUs: z.number(),
  intervalUs: z.number(),
  baseIntervalUs: z.number(),
  throttledAtUs: z.number(),
})

/** Clauses of the conditions; DynamoDB has neither max() nor a clock, so each branch of the pacer has one of its own. */
const clause = {
  busy: 'tatUs >= :nowUs',
  sameInterval: 'intervalUs = :intervalUs',
  absent: 'attribute_not_exists(pk)',
  asRead:
    'tatUs = :tatUs AND intervalUs = :intervalUs AND baseIntervalUs = :baseIntervalUs AND throttledAtUs = :throttledAtUs',
} as const

/** A pacer item in the `notices` table: for each SES region one for the main lane, and one for each lane with a ceiling. */
export function dynamoPacerStore(
  client: DynamoDBDocumentClient,
  tableName: string,
  region: string,
  lane?: string,
): PacerStore {
  const key = { pk: `PACER#${region}`, sk: lane === undefined ? 'PACER' : `PACER#${lane}` }
  return {
    read: async () => {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }))
      return Item === undefined ? undefined : parseItem(Item)
    },
    extend: async (advanceUs, intervalUs, nowUs) =>
      client
        .send(
          new UpdateCommand({
            TableName: tableName,
            Key: key,
            UpdateExpression: 'SET tatUs = tatUs + :advanceUs',
            ConditionExpression: `${clause.busy} AND ${clause.sameInterval}`,
            ExpressionAttributeValues: { ':advanceUs': advanceUs, ':intervalUs': intervalUs, ':nowUs': nowUs },
            ReturnValues: 'ALL_NEW',
          }),
        )
        .then(({ Attributes }) => parseItem(Attributes), whenConditionFails(undefined)),
    replace: async (before, after) =>
      client
        .send(
          new PutCommand({
            TableName: tableName,
            Item: { ...key, ...after },
            ...(before === undefined
              ? { ConditionExpression: clause.absent }
              : {
                  ConditionExpression: clause.asRead,
                  ExpressionAttributeValues: Object.fromEntries(
                    Object.entries(before).map(([name, value]) => [`:${name}`, value]),
                  ),
                }),
          }),
        )
        .then(() => true, whenConditionFails(false)),
  }
}

function parseItem(item: unknown): PacerState {
  return itemSchema.parse(item)
}
