import type { AudienceSinks } from './byte-sink.ts'

export interface Upload {
  readonly sizeBytes: number
  readonly bytes: AsyncIterable<Uint8Array>
}

/** The objects of an audience, as the indexer uses them. Whatever is not there is an error, and tried again. */
export interface AudienceFiles {
  openUpload(noticeId: string, audienceId: string): Promise<Upload>
  /** Stores `fresh` as the audience's secret unless it has one. Gives the one it has, so that indexing again gives the same keys. */
  recipientKeySecret(audienceId: string, fresh: Uint8Array): Promise<Uint8Array>
  createSinks(audienceId: string): AudienceSinks
}
