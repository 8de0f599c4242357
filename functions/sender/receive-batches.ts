import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { batchPointerText } from '../batch-queue/batch-queue.ts'
import { type SenderPorts, TIME_LIMIT_MARGIN_MS } from './ports.ts'
import { batchSender } from './send-batch.ts'

/**
 * The `sender` function behind its queue. The batches of an event follow each other closely, lane by lane: the next of a lane
 * gets ready while the one before uses its last slots, and does not wait for its answers; and no lane waits for another. A
 * record counts as failed unless its batch was dealt with; the others of the same event are not repeated for it. A record
 * that is no pointer fails each time, and so ends in the dead-letter queue.
 */
export function createSenderHandler(
  ports: SenderPorts,
): (event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse> {
  const sendBatch = batchSender(ports)
  return async (event, context) => {
    const deadlineMs = ports.clock.now() + context.getRemainingTimeInMillis() - TIME_LIMIT_MARGIN_MS
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = []

    async function takeBatch({ messageId, read }: Received, onLastWindow: () => void): Promise<void> {
      try {
        if (!read.success) throw read.error
        await sendBatch(read.data, { deadlineMs, onLastWindow })
      } catch (error) {
        ports.log.error('A batch could not be sent; its pointer comes again', { messageId }, error)
        ports.metrics.count('BatchFailures', 1)
        batchItemFailures.push({ itemIdentifier: messageId })
      }
    }

    async function takeInTurn(lane: readonly Received[]): Promise<void> {
      const taken: Promise<void>[] = []
      for (const received of lane) {
        const { promise: nearlyDone, resolve: onLastWindow } = Promise.withResolvers<void>()
        taken.push(takeBatch(received, onLastWindow).finally(onLastWindow))
        await nearlyDone
      }
      await Promise.all(taken)
    }

    const lanes = Map.groupBy(event.Records.map(receive), ({ read }) => read.data?.lane)
    await Promise.all(lanes.values().map(takeInTurn))
    ports.metrics.flush()
    return { batchItemFailures }
  }
}

type Received = ReturnType<typeof receive>

function receive({ messageId, body }: SQSEvent['Records'][number]) {
  return { messageId, read: batchPointerText.safeParse(body) }
}
