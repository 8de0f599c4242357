import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import type { Context } from 'aws-lambda'
import { handle, type LambdaEvent } from 'hono/aws-lambda'
import { dynamoBatches } from '../ledger/dynamo-batches.ts'
import { dynamoFactReader } from '../ledger/dynamo-facts.ts'
import { dynamoNoticeStore } from '../notice/dynamo-notice-store.ts'
import { s3ContentStore } from '../notice/s3-content-store.ts'
import { dynamoGrantedRates } from '../pacer/dynamo-granted-rates.ts'
import { s3AudienceStore } from '../recipient/s3-audience-store.ts'
import { systemClock } from '../runtime/clock.ts'
import { createDocumentClient } from '../runtime/document-client.ts'
import { awsRegion, parseEnvironment } from '../runtime/environment.ts'
import { createLogger } from '../runtime/log.ts'
import { systemRandom } from '../runtime/random.ts'
import { createAccountClient, sesAccount } from '../ses/ses-account.ts'
import { createApi } from './app.ts'
import { apiEnvironment } from './env.ts'
import { lambdaDispatcherWaker } from './lambda-dispatcher-waker.ts'
import { s3AudienceLinks } from './s3-audience-links.ts'
import { s3AudienceObjects } from './s3-audience-objects.ts'

const environment = parseEnvironment(apiEnvironment)
const tables = createDocumentClient()
const s3 = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' })

const log = createLogger('api')
const answer = handle(
  createApi({
    notices: dynamoNoticeStore(tables, environment.NOTICES_TABLE, systemRandom),
    contents: s3ContentStore(s3, environment.AUDIENCE_BUCKET),
    audiences: s3AudienceStore(s3, environment.AUDIENCE_BUCKET),
    audienceObjects: s3AudienceObjects(s3, environment.AUDIENCE_BUCKET),
    ledger: {
      ...dynamoBatches(tables, environment.NOTICES_TABLE),
      ...dynamoFactReader(tables, environment.DELIVERIES_TABLE),
    },
    rates: dynamoGrantedRates(tables, environment.NOTICES_TABLE, awsRegion()),
    account: sesAccount(createAccountClient()),
    links: s3AudienceLinks(s3, environment.AUDIENCE_BUCKET, systemClock),
    waker: lambdaDispatcherWaker(new LambdaClient({}), environment.DISPATCHER_FUNCTION),
    clock: systemClock,
    random: systemRandom,
    log,
    senderIdentity: environment.SENDER_IDENTITY,
    deliveryRetentionDays: environment.DELIVERY_RETENTION_DAYS,
    stack: {
      rateShare: environment.RATE_SHARE,
      lanes: environment.LANES,
      senderConcurrency: environment.SENDER_CONCURRENCY,
      sandbox: environment.SANDBOX,
    },
  }),
)

/** The `api` Lambda: requests that API Gateway has authorised by IAM. */
export function handler(event: LambdaEvent, context: Context) {
  log.addContext(context)
  return answer(event, context)
}
