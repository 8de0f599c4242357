import { dynamoLedgerStore } from '../ledger/dynamo-ledger-store.ts'
import { dynamoNoticeStore } from '../notice/dynamo-notice-store.ts'
import { systemClock } from '../runtime/clock.ts'
import { createDocumentClient } from '../runtime/document-client.ts'
import { parseEnvironment } from '../runtime/environment.ts'
import { createLogger } from '../runtime/log.ts'
import { createMetrics } from '../runtime/metrics.ts'
import { systemRandom } from '../runtime/random.ts'
import { feedbackEnvironment } from './env.ts'
import { createFeedbackHandler } from './record-feedback.ts'

/** The `feedback` Lambda: SES events from SQS; repeating an event changes nothing. */
const environment = parseEnvironment(feedbackEnvironment)
const tables = createDocumentClient()

export const handler = createFeedbackHandler({
  notices: dynamoNoticeStore(tables, environment.NOTICES_TABLE, systemRandom),
  ledger: dynamoLedgerStore(tables, {
    noticesTable: environment.NOTICES_TABLE,
    deliveriesTable: environment.DELIVERIES_TABLE,
    deliveryRetentionDays: environment.DELIVERY_RETENTION_DAYS,
  }),
  clock: systemClock,
  log: createLogger('feedback'),
  metrics: createMetrics('feedback'),
})
