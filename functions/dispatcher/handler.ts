import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { sqsBatchQueue } from '../batch-queue/sqs-batch-queue.ts'
import { dynamoBatches } from '../ledger/dynamo-batches.ts'
import { dynamoNoticeStore } from '../notice/dynamo-notice-store.ts'
import { dynamoGrantedRates } from '../pacer/dynamo-granted-rates.ts'
import { dynamoPacerStore } from '../pacer/dynamo-pacer-store.ts'
import { createPacer } from '../pacer/pacer.ts'
import { s3AudienceStore } from '../recipient/s3-audience-store.ts'
import { systemClock } from '../runtime/clock.ts'
import { createDocumentClient } from '../runtime/document-client.ts'
import { awsRegion, parseEnvironment } from '../runtime/environment.ts'
import { createLogger } from '../runtime/log.ts'
import { createMetrics } from '../runtime/metrics.ts'
import { systemRandom } from '../runtime/random.ts'
import { createAccountClient, sesAccount } from '../ses/ses-account.ts'
import { createDispatcherHandler } from './dispatch.ts'
import { dispatcherEnvironment } from './env.ts'

/** The `dispatcher` Lambda: each minute and on demand; repeating it queues at most a few pointers too many. */
const environment = parseEnvironment(dispatcherEnvironment)
const tables = createDocumentClient()
const queues = { main: environment.BATCH_QUEUE_URL, lanes: environment.LANE_QUEUE_URL }
const pacerStoreOf = (lane: string | undefined) =>
  dynamoPacerStore(tables, environment.NOTICES_TABLE, awsRegion(), lane)

export const handler = createDispatcherHandler({
  notices: dynamoNoticeStore(tables, environment.NOTICES_TABLE, systemRandom),
  ledger: dynamoBatches(tables, environment.NOTICES_TABLE),
  queue: sqsBatchQueue(new SQSClient({ useQueueUrlAsEndpoint: false }), queues, systemClock),
  audiences: s3AudienceStore(new S3Client({}), environment.AUDIENCE_BUCKET),
  pacerOf: lane => createPacer(pacerStoreOf(lane), systemClock),
  pacerStoreOf,
  grantedRates: dynamoGrantedRates(tables, environment.NOTICES_TABLE, awsRegion()),
  account: sesAccount(createAccountClient()),
  clock: systemClock,
  log: createLogger('dispatcher'),
  metrics: createMetrics('dispatcher'),
  rateShare: environment.RATE_SHARE,
  lanes: environment.LANES,
  pointersInHand: environment.POINTERS_IN_HAND,
})
