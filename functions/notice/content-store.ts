import type { Content } from './content.ts'

/** Content by its digest. A stored content never changes, so that what was approved is what is sent. */
export interface ContentStore {
  /** Stores the content and returns its digest. Storing the same content again changes nothing. */
  put(content: Content): Promise<string>
  /** Throws a Defect `content-digest` when the stored bytes do not hash to the digest. */
  get(digest: string): Promise<Content>
}
