import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { batchPointerSchema } from '../batch-queue/batch-queue.ts'
import { type SenderPorts, TIME_LIMIT_MARGIN_MS } from './ports.ts'
import { batchSender } from './send-batch.ts'

/**
 * The `sender` function behind its queue. The batches of an event follow each other closely: the next gets ready while the
 * one before uses its last slots, and does not wait for its answers. A record counts as failed unless its batch was dealt
 * with; the others of the same event are not repeated for it. A record that is no pointer fails each time, and so ends in
 * the dead-letter queue.
 */
export function createSenderHandler(
  ports: SenderPorts,
): (event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse> {
  const sendBatch = batchSender(ports)
  return async (event, context) => {
    const deadlineMs = ports.clock.now() + context.getRemainingTimeInMillis() - TIME_LIMIT_MARGIN_MS
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = []
    const takeBatch = async ({ messageId, body }: SQSRecord, onLastWindow: () => void) => {
      try {
        await sendBatch(batchPointerSchema.parse(JSON.parse(body)), { deadlineMs, onLastWindow })
      } catch (error) {
        ports.log.error('A batch could not be sent; its pointer comes again', { messageId }, error)
        batchItemFailures.push({ itemIdentifier: messageId })
      }
    }
    const taken: Promise<void>[] = []
    for (const record of event.Records) {
      const { promise: nearlyDone, resolve: onLastWindow } = Promise.withResolvers<void>()
      taken.push(takeBatch(record, onLastWindow).finally(onLastWindow))
      await nearlyDone
    }
    await Promise.all(taken)
    ports.metrics.flush()
    return { batchItemFailures }
  }
}
