import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { Clock } from '../runtime/clock.ts'
import { Defect } from '../runtime/defect.ts'
import { type BatchPointer, type BatchQueue, MAX_DELAY_SECONDS } from './batch-queue.ts'

/** SendMessageBatch takes ten entries, and may fail some of them in an answer of 200. */
const ENTRIES_PER_CALL = 10
const CALLS_IN_FLIGHT = 10
const ATTEMPTS = 6
const FIRST_PAUSE_MS = 50

export function sqsBatchQueue(client: SQSClient, queueUrl: string, clock: Clock): BatchQueue {
  async function sendGroup(pointers: readonly BatchPointer[], delaySeconds: number): Promise<void> {
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

  return {
    send: async (pointers, delaySeconds = 0) => {
      const delay = Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil(delaySeconds)))
      let next = 0
      const worker = async () => {
        while (next < pointers.length) {
          const group = pointers.slice(next, next + ENTRIES_PER_CALL)
          next += ENTRIES_PER_CALL
          await sendGroup(group, delay)
        }
      }
      await Promise.all(Array.from({ length: CALLS_IN_FLIGHT }, worker))
    },
  }
}
