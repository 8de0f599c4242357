import type { AudienceFiles } from '../../functions/audience/audience-files.ts'
import type { AudienceSinks, ByteSink } from '../../functions/audience/byte-sink.ts'
import { audienceKeys } from '../../functions/recipient/audience.ts'

/** One object in memory: `stored` gets it when the sink is closed. */
function memorySink(store: (bytes: Buffer) => void): ByteSink {
  const chunks: Uint8Array[] = []
  return {
    write: async bytes => void chunks.push(bytes.slice()),
    close: async () => store(Buffer.concat(chunks)),
    abort: async () => {},
  }
}

/** The audience bucket in memory, by object key. */
export function memoryAudienceFiles(objects: Map<string, Buffer> = new Map()): AudienceFiles {
  return {
    openUpload: async (noticeId, audienceId) => {
      const upload = objects.get(audienceKeys.upload(noticeId, audienceId))
      if (upload === undefined) throw new Error('NoSuchKey')
      return { sizeBytes: upload.length, bytes: inChunks(upload, 1000) }
    },
    createSinks: audienceId => memorySinks(objects, audienceId),
  }
}

export function memorySinks(objects: Map<string, Buffer>, audienceId: string): AudienceSinks {
  const sink = (key: string) => memorySink(bytes => objects.set(key, bytes))
  return {
    recipients: sink(audienceKeys.recipients(audienceId)),
    batches: sink(audienceKeys.batches(audienceId)),
    refusedRows: sink(audienceKeys.refusedRows(audienceId)),
  }
}

/** The bytes as a stream would bring them. */
export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
