import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { Defect } from '../runtime/defect.ts'
import { whenConditionFails } from '../runtime/document-client.ts'
import { type GrantedRates, withRate } from './granted-rates.ts'

const ATTEMPTS = 20

const itemSchema = z.object({
  revision: z.number(),
  rates: z.array(z.object({ atMs: z.number(), ratePerSecond: z.number() })),
})

/**
 * The granted rates of an SES region in the `notices` table. A change is written only over the changes it was added to, and else
 * added again: no dispatcher loses another's. A write whose answer was lost finds its rate as the last one.
 */
export function dynamoGrantedRates(client: DynamoDBDocumentClient, tableName: string, region: string): GrantedRates {
  const key = { pk: `PACER#${region}`, sk: 'RATES' }

  async function readItem() {
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }))
    return Item === undefined ? { revision: 0, rates: [] } : itemSchema.parse(Item)
  }

  return {
    read: async () => (await readItem()).rates,
    record: async (ratePerSecond, nowMs) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const { revision, rates } = await readItem()
        const after = withRate(rates, ratePerSecond, nowMs)
        if (after === rates) return
        const put = new PutCommand({
          TableName: tableName,
          Item: { ...key, revision: revision + 1, rates: after },
          ConditionExpression: revision === 0 ? 'attribute_not_exists(pk)' : 'revision = :revision',
          ...(revision > 0 && { ExpressionAttributeValues: { ':revision': revision } }),
        })
        if (await client.send(put).then(() => true, whenConditionFails(false))) return
      }
      throw new Defect('granted-rates-contention', `The granted rates kept changing in ${ATTEMPTS} attempts`)
    },
  }
}
