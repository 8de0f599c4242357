import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { Clock } from '../runtime/clock.ts'
import { Defect } from '../runtime/defect.ts'
import { type BatchPointer, type BatchQueue, MAX_DELAY_SECONDS } from './batch-queue.ts'

/** SendMessageBatch takes ten entries, and may fail some of them in an answer of 200. */
const ENTRIES_PER_CALL = 10
const CALLS_IN_FLIGHT = 10
const ATTEMPTS = 6
const FIRST_PAUSE_MS = 50

/** Lanes have a queue and senders of their own, so that a slow one is in nobody's way. Without lanes both are the same. */
export interface BatchQueueUrls {
  readonly main: string
  readonly lanes: string
}

export function sqsBatchQueue(client: SQSClient, urls: BatchQueueUrls, clock: Clock): BatchQueue {
  async function sendGroup(pointers: readonly BatchPointer[], delaySeconds: number, queueUrl: string): Promise<void> {
    let entries = pointers.map((pointer, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(pointer),
      DelaySeconds: delaySeconds,
    }))
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await clock.sleep(FIRST_PAUSE_MS * 2 ** attempt)
      const { Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }))
      const failed = new Set(Failed?.map(({ Id }) => Id))
      entries = entries.filter(({ Id }) => failed.has(Id))
      if (entries.length === 0) return
    }
    throw new Defect('batch-queue', `${entries.length} pointers could not be queued in ${ATTEMPTS} attempts`)
  }

  async function sendAll(pointers: readonly BatchPointer[], delaySeconds: number, queueUrl: string): Promise<void> {
    let next = 0
    const worker = async () => {
      while (next < pointers.length) {
        const group = pointers.slice(next, next + ENTRIES_PER_CALL)
        next += ENTRIES_PER_CALL
        await sendGroup(group, delaySeconds, queueUrl)
      }
    }
    await Promise.all(Array.from({ length: CALLS_IN_FLIGHT }, worker))
  }

  return {
    send: async (pointers, delaySeconds = 0) => {
      const delay = Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil(delaySeconds)))
      const byQueue = Map.groupBy(pointers, ({ lane }) => (lane === undefined ? urls.main : urls.lanes))
      for (const [queueUrl, own] of byQueue) await sendAll(own, delay, queueUrl)
    },
  }
}
