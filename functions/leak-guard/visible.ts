/** Anything but printable ASCII and the white space of ordinary texts. */
const UNUSUAL = /[^\t\n\r\x20-\x7e]/
/** What takes no room on a screen, or stands in for broken characters. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\ufffd]|(?![\t\n\r])\p{Cc}/u
const UNSEEN_ANYWHERE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\ufffd]|(?![\t\n\r])\p{Cc}|(?<=[@.])\p{M}+/gu
const MARKS = /[\p{M}\u1100-\u11ff]/u

/** A text as a reader sees it: compatibility forms as what they stand for, without what nobody sees. */
export function visible(text: string): string {
  return UNUSUAL.test(text) ? rewritten(text) : text
}

const PLAIN = 1
/** Another character under NFKC. */
const COMPATIBLE = 2
const UNSEEN_KIND = 3
/** A mark, or part of a Korean syllable: what it is under NFKC depends on what stands before it. */
const COMPOSING = 4
/** What is known of code points so far; learnt as they are met, since few of them ever are. */
const kinds = new Uint8Array(0x110000)

function kindOf(code: number): number {
  return kinds[code] || learnt(code)
}

function learnt(code: number): number {
  const kind = classify(code)
  kinds[code] = kind
  return kind
}

function classify(code: number): number {
  const char = String.fromCodePoint(code)
  if (UNSEEN.test(char)) return UNSEEN_KIND
  const normal = char.normalize('NFKC')
  if (MARKS.test(normal)) return COMPOSING
  return normal === char ? PLAIN : COMPATIBLE
}

/** One pass, which goes from one unusual character to the next. */
function rewritten(text: string): string {
  let shown = ''
  let from = 0
  const each = new RegExp(UNUSUAL, 'g')
  while (each.test(text)) {
    for (let at = each.lastIndex - 1; ; ) {
      const code = text.codePointAt(at) ?? 0
      if (code < 0x7f && code > 0x1f) {
        each.lastIndex = at
        break
      }
      const end = at + (code > 0xffff ? 2 : 1)
      const kind = kindOf(code)
      if (kind === COMPOSING) return withoutUnseen(text.normalize('NFKC'))
      if (kind !== PLAIN) {
        shown += text.slice(from, at)
        if (kind === COMPATIBLE) shown += text.slice(at, end).normalize('NFKC')
        from = end
      }
      at = end
      if (at >= text.length) return shown + text.slice(from)
    }
  }
  return shown + text.slice(from)
}

/** Of a text that has been normalised as a whole, since its marks and letters become one; also without marks on a sign or a dot. */
function withoutUnseen(text: string): string {
  return text.replace(UNSEEN_ANYWHERE, '')
}

const TAG_SPACE = 0xe0020
const TAG_TILDE = 0xe007e

/** The text that is written in Unicode's tag characters, which mirror ASCII and are never shown. */
export function tagText(text: string): string {
  if (!text.includes('\udb40')) return ''
  return Array.from(text, char => {
    const code = char.codePointAt(0) ?? 0
    return code >= TAG_SPACE && code <= TAG_TILDE ? String.fromCharCode(code & 0x7f) : ''
  }).join('')
}

const TURNED = /\u202e|bidi-override|<bdo\b/i

/** The whole text backwards, where something in it turns the direction of reading. */
export function turnedText(text: string): string {
  return TURNED.test(text) ? Array.from(text.replaceAll('\u202e', '')).reverse().join('') : ''
}
