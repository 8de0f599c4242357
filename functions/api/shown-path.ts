const NOTICE_ID = /^n-[0-9a-z-]{1,40}$/
const WORD = /^[a-z][a-z-]{0,15}(\.json)?$/

export const isNoticeId = (text: string) => NOTICE_ID.test(text)

/** A path as answers and logs may repeat it: a client may have put an address where an id or a word belongs. */
export function shownPath(path: string): string {
  const shown = (segment: string) => segment === '' || isNoticeId(segment) || WORD.test(segment)
  return path
    .split('/')
    .map(segment => (shown(segment) ? segment : '…'))
    .join('/')
}
