import type { Content } from '../notice/content.ts'
import type { ContentStore } from '../notice/content-store.ts'
import type { Notice } from '../notice/notice.ts'
import type { ReadyAudience } from '../recipient/audience.ts'
import type { AudienceKeys } from '../recipient/audience-keys.ts'
import type { AudienceSecret } from '../recipient/audience-secret.ts'
import { keepSecrets } from '../recipient/kept-secrets.ts'
import { addressesWrittenIn } from '../rendering/notice-addresses.ts'
import { type CompiledContent, compileContent } from '../rendering/render.ts'
import { Defect } from '../runtime/defect.ts'

/** A notice that is being sent, with what was approved of it. */
export interface SendableNotice {
  readonly notice: Notice
  readonly audience: ReadyAudience
  readonly content: CompiledContent
  /** Seals rows as they were sealed when the audience was indexed. */
  readonly seal: AudienceSecret['seal']
  readonly noticeAddresses: ReadonlySet<string>
}

/**
 * Fetches what was approved: content and audience by the digests of the approval, so that anything else is refused before the
 * first message. Compiled content and the audience's secret stay in memory, since one sender takes many batches of the same
 * notice; without the secret nothing is sent.
 */
export function sendableNotices(
  contents: ContentStore,
  keys: AudienceKeys,
): (notice: Notice) => Promise<SendableNotice> {
  const secretOf = keepSecrets(keys)
  const known = new Map<string, { content: Content; compiled: CompiledContent }>()

  async function contentOf(digest: string) {
    const before = known.get(digest)
    if (before !== undefined) return before
    const content = await contents.get(digest)
    const both = { content, compiled: compileContent(content) }
    known.clear()
    known.set(digest, both)
    return both
  }

  return async notice => {
    const { approval, audience } = notice
    if (approval === undefined || audience?.state !== 'ready') {
      throw new Defect('not-approved', `Notice ${notice.noticeId} is being sent without an approval or an audience`)
    }
    if (approval.audienceDigest !== audience.digest || approval.contentDigest !== notice.contentDigest) {
      throw new Defect('not-as-approved', `Notice ${notice.noticeId} is not what was approved`)
    }
    const [{ content, compiled }, { seal }] = await Promise.all([contentOf(approval.contentDigest), secretOf(audience)])
    return { notice, audience, content: compiled, seal, noticeAddresses: addressesWrittenIn(notice, content) }
  }
}
