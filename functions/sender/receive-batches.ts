import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { batchPointerSchema } from '../batch-queue/batch-queue.ts'
import { type SenderPorts, TIME_LIMIT_MARGIN_MS } from './ports.ts'
import { batchSender } from './send-batch.ts'

/**
 * The `sender` function behind its queue. A record counts as failed unless its batch was dealt with; the others of the same
 * event are not repeated for it. A record that is no pointer fails each time, and so ends in the dead-letter queue.
 */
export function createSenderHandler(
  ports: SenderPorts,
): (event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse> {
  const sendBatch = batchSender(ports)
  return async (event, context) => {
    const deadlineMs = ports.clock.now() + context.getRemainingTimeInMillis() - TIME_LIMIT_MARGIN_MS
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = []
    for (const { messageId, body } of event.Records) {
      try {
        await sendBatch(batchPointerSchema.parse(JSON.parse(body)), deadlineMs)
      } catch (error) {
        ports.log.error('A batch could not be sent; its pointer comes again', { messageId }, error)
        batchItemFailures.push({ itemIdentifier: messageId })
      }
    }
    ports.metrics.flush()
    return { batchItemFailures }
  }
}
