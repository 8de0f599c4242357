/** Anything but printable ASCII and the white space of ordinary texts. */
const UNUSUAL = /[^\t\n\r\x20-\x7e]/
/** What takes no room on a screen; also marks that are put on a sign or a dot, and what stands in for broken characters. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\ufffd]|(?![\t\n\r])\p{Cc}|(?<=[@.])\p{M}+/gu

/** A text as a reader sees it: compatibility forms as what they stand for, without what nobody sees. */
export function visible(text: string): string {
  return UNUSUAL.test(text) ? text.normalize('NFKC').replace(UNSEEN, '') : text
}

const TAG_SPACE = 0xe0020
const TAG_TILDE = 0xe007e

/** The text that is written in Unicode's tag characters, which mirror ASCII and are never shown. */
export function tagText(text: string): string {
  if (!text.includes('\udb40')) return ''
  return Array.from(text, char => {
    const code = char.codePointAt(0) ?? 0
    return code >= TAG_SPACE && code <= TAG_TILDE ? String.fromCharCode(code - 0xe0000) : ''
  }).join('')
}

const TURNED = /\u202e|bidi-override|<bdo\b/i

/** The whole text backwards, where something in it turns the direction of reading. */
export function turnedText(text: string): string {
  return TURNED.test(text) ? Array.from(text.replaceAll('\u202e', '')).reverse().join('') : ''
}
