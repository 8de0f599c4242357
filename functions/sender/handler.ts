import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { sqsBatchQueue } from '../batch-queue/sqs-batch-queue.ts'
import { dynamoLedgerStore } from '../ledger/dynamo-ledger-store.ts'
import { dynamoNoticeStore } from '../notice/dynamo-notice-store.ts'
import { s3ContentStore } from '../notice/s3-content-store.ts'
import { dynamoPacerStore } from '../pacer/dynamo-pacer-store.ts'
import { createPacer } from '../pacer/pacer.ts'
import { createKmsClient, kmsAudienceKeys } from '../recipient/kms-audience-keys.ts'
import { s3AudienceStore } from '../recipient/s3-audience-store.ts'
import { systemClock } from '../runtime/clock.ts'
import { createDocumentClient } from '../runtime/document-client.ts'
import { awsRegion, parseEnvironment } from '../runtime/environment.ts'
import { createLogger } from '../runtime/log.ts'
import { createMetrics } from '../runtime/metrics.ts'
import { systemRandom } from '../runtime/random.ts'
import { createSesClient, sesMailer } from '../ses/ses-mailer.ts'
import { senderEnvironment } from './env.ts'
import { keepPacers, meteredPacer } from './lane-pacers.ts'
import { createSenderHandler } from './receive-batches.ts'

/** The `sender` Lambda: batch pointers from SQS; under a repeated event nobody is sent to twice. */
const environment = parseEnvironment(senderEnvironment)
const tables = createDocumentClient()
const queues = { main: environment.BATCH_QUEUE_URL, lanes: environment.LANE_QUEUE_URL }
const objects = new S3Client({})
const metrics = createMetrics('sender')

export const handler = createSenderHandler({
  notices: dynamoNoticeStore(tables, environment.NOTICES_TABLE, systemRandom),
  contents: s3ContentStore(objects, environment.AUDIENCE_BUCKET),
  audiences: s3AudienceStore(objects, environment.AUDIENCE_BUCKET),
  keys: kmsAudienceKeys(createKmsClient()),
  ledger: dynamoLedgerStore(tables, {
    noticesTable: environment.NOTICES_TABLE,
    deliveriesTable: environment.DELIVERIES_TABLE,
    deliveryRetentionDays: environment.DELIVERY_RETENTION_DAYS,
  }),
  pacerOf: keepPacers(lane =>
    meteredPacer(
      createPacer(dynamoPacerStore(tables, environment.NOTICES_TABLE, awsRegion(), lane), systemClock),
      metrics,
    ),
  ),
  mailer: sesMailer(createSesClient()),
  queue: sqsBatchQueue(new SQSClient({ useQueueUrlAsEndpoint: false }), queues, systemClock),
  clock: systemClock,
  random: systemRandom,
  log: createLogger('sender'),
  metrics,
  settings: {
    configurationSet: environment.CONFIGURATION_SET,
    settleDelayMs: environment.SETTLE_DELAY_SECONDS * 1000,
  },
})
