import { decodeContent, digestContent, encodeContent } from '../../functions/notice/content.ts'
import type { ContentStore } from '../../functions/notice/content-store.ts'

/** Content in memory. */
export function memoryContentStore(): ContentStore {
  const stored = new Map<string, string>()
  return {
    put: async content => {
      const encoded = encodeContent(content)
      const digest = digestContent(encoded)
      stored.set(digest, encoded)
      return digest
    },
    get: async digest => {
      const encoded = stored.get(digest)
      if (encoded === undefined) throw new Error(`No content ${digest}`)
      return decodeContent(encoded)
    },
  }
}
