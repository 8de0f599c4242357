import { dynamoLedgerStore } from '../../../functions/ledger/dynamo-ledger-store.ts'
import { dynamoNoticeStore } from '../../../functions/notice/dynamo-notice-store.ts'
import { dynamoGrantedRates } from '../../../functions/pacer/dynamo-granted-rates.ts'
import { dynamoPacerStore } from '../../../functions/pacer/dynamo-pacer-store.ts'
import { systemClock } from '../../../functions/runtime/clock.ts'
import { systemRandom } from '../../../functions/runtime/random.ts'
import { grantedRatesContract } from '../../contract/granted-rates-contract.ts'
import { ledgerStoreContract } from '../../contract/ledger-store-contract.ts'
import { noticeStoreContract } from '../../contract/notice-store-contract.ts'
import { pacerStoreContract } from '../../contract/pacer-store-contract.ts'
import { simulatedDynamoDb } from './dynamodb/simulated-dynamodb.ts'
import { simulatedClients } from './simulated-clients.ts'

/** The suites that DynamoDB itself passes, through the adapters and the SDK; pages of three items, so that paging counts. */
const tables = { noticesTable: 'notices', deliveriesTable: 'deliveries', deliveryRetentionDays: 400 }
const byState = { indexName: 'byState', hash: 'state', range: 'createdAtMs' }

function simulatedTables() {
  const { service } = simulatedDynamoDb(
    systemClock,
    [
      { tableName: tables.noticesTable, indexes: [byState] },
      { tableName: tables.deliveriesTable, indexes: [] },
    ],
    { pageItems: () => 3 },
  )
  return simulatedClients(async request => service(request), systemClock, systemRandom).tables
}

noticeStoreContract('simulated', async () => dynamoNoticeStore(simulatedTables(), tables.noticesTable, systemRandom))
ledgerStoreContract('simulated', async () => dynamoLedgerStore(simulatedTables(), tables))
pacerStoreContract('simulated', async () => dynamoPacerStore(simulatedTables(), tables.noticesTable, 'eu-west-1'))
grantedRatesContract('simulated', async () => dynamoGrantedRates(simulatedTables(), tables.noticesTable, 'eu-west-1'))
