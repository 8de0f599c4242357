import { S3Client } from '@aws-sdk/client-s3'
import type { Context } from 'aws-lambda'
import { dynamoNoticeStore } from '../notice/dynamo-notice-store.ts'
import { createKmsClient, kmsAudienceKeys } from '../recipient/kms-audience-keys.ts'
import { systemClock } from '../runtime/clock.ts'
import { createDocumentClient } from '../runtime/document-client.ts'
import { parseEnvironment } from '../runtime/environment.ts'
import { createLogger } from '../runtime/log.ts'
import { systemRandom } from '../runtime/random.ts'
import { createAudienceHandler } from './audience-handler.ts'
import { audienceEnvironment } from './env.ts'
import { s3AudienceFiles } from './s3-audience-files.ts'

const environment = parseEnvironment(audienceEnvironment)
const log = createLogger('audience')
const handle = createAudienceHandler({
  notices: dynamoNoticeStore(createDocumentClient(), environment.NOTICES_TABLE, systemRandom),
  files: s3AudienceFiles(new S3Client({}), environment.AUDIENCE_BUCKET),
  keys: kmsAudienceKeys(createKmsClient()),
  keyId: environment.AUDIENCE_KEY_ID,
  clock: systemClock,
  log,
  lanes: environment.LANES,
})

/** Triggered by EventBridge for each object created in the audience bucket. Throws to be called again. */
export async function handler(event: unknown, context: Context): Promise<void> {
  log.addContext(context)
  await handle(event)
}
