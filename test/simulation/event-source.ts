import type { SQSEvent } from 'aws-lambda'
import * as z from 'zod'
import { sqsRecord } from '../memory/sqs-record.ts'
import type { ReceivedMessage, SimulatedQueue } from './aws/sqs/simulated-queue.ts'
import type { InvocationResult } from './history.ts'
import type { LambdaFunction } from './lambda-function.ts'
import type { World } from './process.ts'

export interface EventSourceProps {
  readonly queue: SimulatedQueue
  /** Where the queue tells from when on something may be received. */
  readonly onVisible: { push(tell: (atMs: number) => void): unknown }
  readonly target: LambdaFunction<SQSEvent>
  readonly batchSize: number
  /** How long messages gather before they are taken. */
  readonly windowMs: number
  readonly maxConcurrency: number
}

const POLL_MS = [2, 60] as const

const responseSchema = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) })

/**
 * Lambda's event source mapping: polls a queue, calls the function with what it got, and deletes what the function dealt
 * with. What it did not, or what it was given when it died, comes again when its visibility time-out has passed.
 */
export function feed(world: World, props: EventSourceProps): void {
  const { queue, onVisible, target, batchSize, windowMs, maxConcurrency } = props
  const { scheduler, faults } = world
  const random = world.random.fork(`event-source/${queue.name}`)
  let calls = 0
  let pollAtMs = Number.POSITIVE_INFINITY

  function pollFrom(atMs: number): void {
    const dueMs = Math.max(atMs, scheduler.now()) + windowMs + random.acrossScales(...POLL_MS)
    if (dueMs >= pollAtMs) return
    pollAtMs = dueMs
    scheduler.at(dueMs, () => {
      if (pollAtMs === dueMs) poll()
      return false
    })
  }

  function poll(): void {
    pollAtMs = Number.POSITIVE_INFINITY
    while (calls < maxConcurrency) {
      const messages = queue.receive(faults.fires('sqs-reorder', queue.name) ? random.integer(1, batchSize) : batchSize)
      if (messages.length === 0) break
      call(messages)
    }
    const nextMs = queue.nextVisibleAtMs()
    if (nextMs !== undefined && calls < maxConcurrency) pollFrom(nextMs)
  }

  function call(messages: readonly ReceivedMessage[]): void {
    calls++
    for (const { receiptHandle, messageId } of messages) {
      if (faults.fires('sqs-visibility-expires', messageId)) {
        queue.changeVisibility(receiptHandle, random.acrossScales(100, 60_000))
      }
    }
    target.invoke(
      { Records: messages.map(({ messageId, body, receiptHandle }) => sqsRecord(messageId, body, receiptHandle)) },
      result => {
        calls--
        for (const { messageId, receiptHandle } of messages.filter(dealtWith(result))) {
          if (!faults.fires('sqs-delete-lost', messageId)) queue.delete(receiptHandle)
        }
        pollFrom(scheduler.now())
      },
    )
  }

  onVisible.push(atMs => {
    if (calls < maxConcurrency) pollFrom(atMs)
  })
}

function dealtWith(result: InvocationResult): (message: ReceivedMessage) => boolean {
  if (result.kind !== 'returned') return () => false
  const { batchItemFailures } = responseSchema.parse(result.value)
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
  return ({ messageId }) => !failed.has(messageId)
}
