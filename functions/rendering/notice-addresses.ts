import { addressesOfNotice } from '../leak-guard/leak-guard.ts'
import type { Content } from '../notice/content.ts'
import type { Notice } from '../notice/notice.ts'

/** The addresses that a notice itself shows, and its messages may therefore show: its sender, its reply-to and what its templates write. */
export function addressesWrittenIn(
  { from, replyTo }: Pick<Notice, 'from' | 'replyTo'>,
  { variants }: Pick<Content, 'variants'>,
): ReadonlySet<string> {
  const templates = Object.values(variants).flatMap(({ subject, text, html }) => [subject, text, html])
  return addressesOfNotice([from.address, from.name ?? '', replyTo ?? '', ...templates])
}
