import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll } from 'vitest'
import { dynamoLedgerStore } from '../../functions/ledger/dynamo-ledger-store.ts'
import { dynamoNoticeStore } from '../../functions/notice/dynamo-notice-store.ts'
import { dynamoGrantedRates } from '../../functions/pacer/dynamo-granted-rates.ts'
import { dynamoPacerStore } from '../../functions/pacer/dynamo-pacer-store.ts'
import { systemRandom } from '../../functions/runtime/random.ts'
import { startDynamoDb } from '../../local/services/dynamodb.ts'
import { createTables } from '../../local/services/tables.ts'
import { memoryGrantedRates } from '../memory/memory-granted-rates.ts'
import { memoryLedgerStore } from '../memory/memory-ledger-store.ts'
import { memoryNoticeStore } from '../memory/memory-notice-store.ts'
import { memoryPacerStore } from '../memory/memory-pacer-store.ts'
import { grantedRatesContract } from './granted-rates-contract.ts'
import { ledgerStoreContract } from './ledger-store-contract.ts'
import { noticeStoreContract } from './notice-store-contract.ts'
import { pacerStoreContract } from './pacer-store-contract.ts'
import { deliveriesTable, noticesTable } from './tables.ts'

/** The same suites against memory and against DynamoDB: the embedded one, or the one that AWS_ENDPOINT_URL_DYNAMODB names. */
const external = process.env['AWS_ENDPOINT_URL_DYNAMODB']
let close = async () => {}
let client: DynamoDBDocumentClient

beforeAll(async () => {
  const embedded = external === undefined ? await startDynamoDb() : undefined
  close = async () => embedded?.close()
  const endpoint = embedded?.endpoint ?? external ?? ''
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const raw = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials })
  await createTables(raw, [noticesTable, deliveriesTable])
  client = DynamoDBDocumentClient.from(raw, { marshallOptions: { removeUndefinedValues: true } })
})
afterAll(() => close())

const tables = {
  noticesTable: noticesTable.TableName,
  deliveriesTable: deliveriesTable.TableName,
  deliveryRetentionDays: 400,
}

noticeStoreContract('memory', async () => memoryNoticeStore())
noticeStoreContract('DynamoDB', async () => dynamoNoticeStore(client, tables.noticesTable, systemRandom))
ledgerStoreContract('memory', async () => memoryLedgerStore())
ledgerStoreContract('DynamoDB', async () => dynamoLedgerStore(client, tables))
pacerStoreContract('memory', async () => memoryPacerStore())
grantedRatesContract('memory', async () => memoryGrantedRates())
let regions = 0
pacerStoreContract('DynamoDB', async () =>
  dynamoPacerStore(client, tables.noticesTable, `region-${process.pid}-${regions++}`),
)
grantedRatesContract('DynamoDB', async () =>
  dynamoGrantedRates(client, tables.noticesTable, `region-${process.pid}-${regions++}`),
)
