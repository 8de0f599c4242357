import type { AudienceSinks } from './byte-sink.ts'

export interface Upload {
  readonly sizeBytes: number
  readonly bytes: AsyncIterable<Uint8Array>
}

/** The objects of an audience, as the indexer uses them. Whatever is not there is an error, and tried again. */
export interface AudienceFiles {
  openUpload(noticeId: string, audienceId: string): Promise<Upload>
  createSinks(audienceId: string): AudienceSinks
}
