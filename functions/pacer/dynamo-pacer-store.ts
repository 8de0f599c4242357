import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { whenConditionFails } from '../runtime/document-client.ts'
import { refuseWrongClock } from './clock-check.ts'
import type { PacerStore } from './pacer-store.ts'

/** What an item lacks that was written before a pace had a revision. */
const absent = z.number().default(0)

const itemSchema = z.object({
  tatUs: z.number(),
  revision: absent,
  pacedFromUs: absent,
  baseIntervalUs: z.number(),
  formerIntervalUs: absent,
  formerUntilUs: absent,
  throttledAtUs: z.number(),
  slowedIntervalUs: absent,
  slowedFromUs: absent,
  recoveryUs: absent,
})

/** Clauses of the conditions; DynamoDB has neither max() nor a clock, so each branch of the pacer has one of its own. */
const clause = {
  absent: 'attribute_not_exists(pk)',
  present: 'attribute_exists(pk)',
  busy: 'tatUs >= :nowUs',
  sameTat: 'tatUs = :tatUs',
}

const samePace = (revision: number) => (revision === 0 ? 'attribute_not_exists(revision)' : 'revision = :revision')
const ofPace = (revision: number) => (revision === 0 ? {} : { ':revision': revision })

/** A pacer item in the `notices` table: for each SES region one for the main lane, and one for each lane with a ceiling. */
export function dynamoPacerStore(
  client: DynamoDBDocumentClient,
  tableName: string,
  region: string,
  lane?: string,
): PacerStore {
  const key = { pk: `PACER#${region}`, sk: lane === undefined ? 'PACER' : `PACER#${lane}` }

  async function update(expression: string, condition: string, values: Readonly<Record<string, number>>) {
    const command = new UpdateCommand({
      TableName: tableName,
      Key: key,
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
      ReturnValues: 'ALL_NEW',
    })
    return client.send(command).then(({ Attributes }) => itemSchema.parse(Attributes), whenConditionFails(undefined))
  }

  async function read() {
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }))
    return Item === undefined ? undefined : itemSchema.parse(Item)
  }

  const checkClock = () => refuseWrongClock(() => client.config.systemClockOffset, read)

  return {
    read,
    extend: async (advanceUs, revision, nowUs) => {
      await checkClock()
      return update('SET tatUs = tatUs + :advanceUs', `${clause.busy} AND ${samePace(revision)}`, {
        ':advanceUs': advanceUs,
        ':nowUs': nowUs,
        ...ofPace(revision),
      })
    },
    replace: async (before, after) => {
      await checkClock()
      return client
        .send(
          new PutCommand({
            TableName: tableName,
            Item: { ...key, ...after },
            ...(before === undefined
              ? { ConditionExpression: clause.absent }
              : {
                  ConditionExpression: `${clause.sameTat} AND ${samePace(before.revision)}`,
                  ExpressionAttributeValues: { ':tatUs': before.tatUs, ...ofPace(before.revision) },
                }),
          }),
        )
        .then(() => true, whenConditionFails(false))
    },
    repace: async (before, { tatUs: _, pacedFromUs: __, ...pace }) => {
      const values = Object.fromEntries(Object.entries(pace).map(([name, value]) => [`:new_${name}`, value]))
      const assignments = Object.keys(pace)
        .map(name => `${name} = :new_${name}`)
        .join(', ')
      return update(`SET pacedFromUs = tatUs, ${assignments}`, `${clause.present} AND ${samePace(before.revision)}`, {
        ...values,
        ...ofPace(before.revision),
      })
    },
  }
}
