import type { BatchPointer, BatchQueue } from '../../functions/batch-queue/batch-queue.ts'

export interface MemoryBatchQueue extends BatchQueue {
  /** Takes everything that is queued, delayed or not. */
  drain(): readonly (BatchPointer & { delaySeconds: number })[]
}

export function memoryBatchQueue(): MemoryBatchQueue {
  let queued: (BatchPointer & { delaySeconds: number })[] = []
  return {
    send: async (pointers, delaySeconds = 0) => {
      queued.push(...pointers.map(pointer => ({ ...pointer, delaySeconds })))
    },
    drain: () => {
      const taken = queued
      queued = []
      return taken
    },
  }
}
