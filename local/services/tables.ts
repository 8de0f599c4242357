import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'

const LONGEST_WAIT_SECONDS = 60

/** Creates the tables that are missing and waits until they can be used. One that exists is taken as it is. */
export async function createTables(client: DynamoDBClient, tables: readonly CreateTableCommandInput[]): Promise<void> {
  await Promise.all(tables.map(table => createTable(client, table)))
}

async function createTable(client: DynamoDBClient, table: CreateTableCommandInput): Promise<void> {
  try {
    const created = await client.send(new CreateTableCommand(table))
    if (created.TableDescription?.TableStatus === 'ACTIVE') return
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
  }
  const wait = { client, maxWaitTime: LONGEST_WAIT_SECONDS, minDelay: 0.02, maxDelay: 1 }
  await waitUntilTableExists(wait, { TableName: table.TableName })
}
