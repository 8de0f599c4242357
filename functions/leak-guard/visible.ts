/** Anything but printable ASCII and the white space of ordinary texts. */
const UNUSUAL = /[^\t\n\r\x20-\x7e]/
/** What takes no room on a screen, or stands in for broken characters. */
const UNSEEN = /^(?:[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\ufffd]|(?![\t\n\r])\p{Cc})$/u
const MARK = /^\p{M}$/u

/** A text as a reader sees it: compatibility forms as what they stand for, without what nobody sees. */
export function visible(text: string): string {
  if (!UNUSUAL.test(text)) return text
  const { normal, seen } = kindsIn(text)
  const normalised = normal ? text : text.normalize('NFKC')
  return normal && seen ? text : withoutUnseen(normalised)
}

const PLAIN = 1
/** Another character under NFKC, or part of one. */
const COMPATIBLE = 2
const UNSEEN_KIND = 3
const MARKING = 4
/** What is known of code points so far; learnt as they are met, since few of them ever are. */
const kindsBelow = new Uint8Array(0x20000)

function kindOf(code: number): number {
  if (code >= kindsBelow.length) return classify(code)
  const known = kindsBelow[code] ?? 0
  if (known !== 0) return known
  const kind = classify(code)
  kindsBelow[code] = kind
  return kind
}

function classify(code: number): number {
  const char = String.fromCodePoint(code)
  if (UNSEEN.test(char)) return UNSEEN_KIND
  if (MARK.test(char)) return MARKING
  return char.normalize('NFKC') === char ? PLAIN : COMPATIBLE
}

const isPlainAscii = (code: number) => code < 0x7f && code >= 0x20

function kindsIn(text: string): { normal: boolean; seen: boolean } {
  let normal = true
  let seen = true
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (isPlainAscii(unit)) continue
    const code = text.codePointAt(at) ?? unit
    if (code > 0xffff) at++
    const kind = kindOf(code)
    if (kind === COMPATIBLE || kind === MARKING || isJamo(code)) normal = false
    else if (kind === UNSEEN_KIND) seen = normal = false
  }
  return { normal, seen }
}

/** Hangul's parts, which are plain by themselves and become a syllable together. */
function isJamo(code: number): boolean {
  return code >= 0x1100 && code <= 0x11ff
}

/** Also without marks that are put on a sign or a dot. */
function withoutUnseen(text: string): string {
  let shown = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (isPlainAscii(unit)) continue
    const code = text.codePointAt(at) ?? unit
    const start = at
    if (code > 0xffff) at++
    const kind = kindOf(code)
    if (kind !== UNSEEN_KIND && !(kind === MARKING && isSign(start > from ? text.charAt(start - 1) : shown.at(-1))))
      continue
    shown += text.slice(from, start)
    from = at + 1
  }
  return from === 0 ? text : shown + text.slice(from)
}

function isSign(char: string | undefined): boolean {
  return char === '@' || char === '.'
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
