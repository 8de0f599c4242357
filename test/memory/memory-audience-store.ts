import type { AudienceStore } from '../../functions/recipient/audience-store.ts'
import { verifyBatch, verifyBatchIndex } from '../../functions/recipient/batch-index.ts'

/** The two objects of one indexed audience. */
export interface IndexedAudience {
  readonly recipients: Uint8Array
  readonly batches: Uint8Array
}

/** Indexed audiences in memory, checked like those in the bucket. */
export function memoryAudienceStore(audiences: ReadonlyMap<string, IndexedAudience>): AudienceStore {
  function need(audienceId: string): IndexedAudience {
    const audience = audiences.get(audienceId)
    if (audience === undefined) throw new Error(`No audience ${audienceId}`)
    return audience
  }
  return {
    readBatchSlices: async (audienceId, audienceDigest) =>
      verifyBatchIndex(need(audienceId).batches, audienceId, audienceDigest),
    readRecipients: async (audienceId, slice) => {
      const bytes = need(audienceId).recipients.subarray(slice.offset, slice.offset + slice.length)
      return verifyBatch(bytes, audienceId, slice)
    },
  }
}
