import { addressesOfNotice } from '../leak-guard/leak-guard.ts'
import type { Content } from '../notice/content.ts'
import type { ContentStore } from '../notice/content-store.ts'
import type { Notice } from '../notice/notice.ts'
import type { ReadyAudience } from '../recipient/audience.ts'
import { type CompiledContent, compileContent } from '../rendering/render.ts'
import { Defect } from '../runtime/defect.ts'
import { writtenTexts } from './prepare-message.ts'

/** A notice that is being sent, with what was approved of it. */
export interface SendableNotice {
  readonly notice: Notice
  readonly audience: ReadyAudience
  readonly content: CompiledContent
  readonly noticeAddresses: ReadonlySet<string>
}

/**
 * Fetches what was approved: content and audience by the digests of the approval, so that anything else is refused before the
 * first message. Compiled content stays in memory, since one sender takes many batches of the same notice.
 */
export function sendableNotices(contents: ContentStore): (notice: Notice) => Promise<SendableNotice> {
  const compiled = new Map<string, { content: CompiledContent; templates: readonly string[] }>()

  async function contentOf(digest: string) {
    const known = compiled.get(digest)
    if (known !== undefined) return known
    const content = await contents.get(digest)
    const made = { content: compileContent(content), templates: templatesOf(content) }
    compiled.clear()
    compiled.set(digest, made)
    return made
  }

  return async notice => {
    const { approval, audience } = notice
    if (approval === undefined || audience?.state !== 'ready') {
      throw new Defect('not-approved', `Notice ${notice.noticeId} is being sent without an approval or an audience`)
    }
    if (approval.audienceDigest !== audience.digest || approval.contentDigest !== notice.contentDigest) {
      throw new Defect('not-as-approved', `Notice ${notice.noticeId} is not what was approved`)
    }
    const { content, templates } = await contentOf(approval.contentDigest)
    return { notice, audience, content, noticeAddresses: addressesOfNotice(writtenTexts(notice, templates)) }
  }
}

function templatesOf({ variants }: Content): readonly string[] {
  return Object.values(variants).flatMap(({ subject, text, html }) => [subject, text, html])
}
