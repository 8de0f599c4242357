import type { BatchSlice } from './audience.ts'
import type { Recipient } from './recipient.ts'

/** Reads an indexed audience. Both calls check the bytes against the digests that the approval binds. */
export interface AudienceStore {
  /** All slices of the audience, in batch order. Throws a Defect `audience-digest` when the index is not the approved one. */
  readBatchSlices(audienceId: string, audienceDigest: string): Promise<readonly BatchSlice[]>
  /** The recipients of one slice. Throws a Defect `batch-digest` when the bytes are not those that were indexed. */
  readRecipients(audienceId: string, slice: BatchSlice): Promise<readonly Recipient[]>
}
