/** The ways in which a text can be written so that a mail client, a browser or the server behind a link reads it back. */
export const chars = (text: string) => Array.from(text)
const bytes = (text: string) => [...Buffer.from(text)]
const hexByte = (byte: number) => byte.toString(16).padStart(2, '0')

export const decimalEntities = (text: string) => mapped(text, char => `&#${char.codePointAt(0)};`)
export const hexEntities = (text: string) => mapped(text, char => `&#x${char.codePointAt(0)?.toString(16)};`)
export const zeroPaddedEntities = (text: string) =>
  mapped(text, char => `&#${String(char.codePointAt(0)).padStart(7, '0')};`)
const NAMED: Readonly<Record<string, string>> = { '@': '&commat;', '.': '&period;', _: '&lowbar;', '+': '&plus;' }
export const namedEntities = (text: string) => text.replace(/[@._+]/g, char => NAMED[char] ?? char)
/** `&oopf;` is 𝕠, which a reader takes for an o. */
export const letterEntities = (text: string) => text.replace(/[a-z]/g, char => `&${char}opf;`)

export const percentUri = (text: string) => encodeURIComponent(text)
export const percentAll = (text: string) =>
  bytes(text)
    .map(byte => `%${hexByte(byte).toUpperCase()}`)
    .join('')
export const percentAllLower = (text: string) =>
  bytes(text)
    .map(byte => `%${hexByte(byte)}`)
    .join('')
export const percentUnicode = (text: string) => mapped(text, char => `%u${codeUnit(char)}`)

export const base64 = (text: string) => Buffer.from(text).toString('base64')
export const base64url = (text: string) => Buffer.from(text).toString('base64url')
export const base64Unpadded = (text: string) => base64(text).replace(/=+$/, '')
export const base64Utf16 = (text: string) => Buffer.from(text, 'utf16le').toString('base64')
export const hex = (text: string) => Buffer.from(text).toString('hex')

export const wordB = (text: string, charset = 'UTF-8') => `=?${charset}?B?${base64(text)}?=`
export const wordQ = (text: string, charset = 'UTF-8') =>
  `=?${charset}?Q?${bytes(text)
    .map(byte => `=${hexByte(byte).toUpperCase()}`)
    .join('')}?=`
/** As a mail client writes it: only what must be. */
export const wordQSparse = (text: string) => `=?utf-8?q?${text.replaceAll('@', '=40').replaceAll(' ', '_')}?=`

export const jsonEscapes = (text: string) => text.replace(/[\s\S]/g, unit => `\\u${codeUnit(unit)}`)
export const cssEscapes = (text: string) => mapped(text, char => `\\${char.codePointAt(0)?.toString(16)} `)
export const cssLongEscapes = (text: string) =>
  mapped(text, char => `\\${char.codePointAt(0)?.toString(16).padStart(6, '0')}`)

export const fullWidth = (text: string) => mapped(text, char => shifted(char, '!', '~', 0xff01))
export const mathBold = (text: string) => mapped(text, char => shifted(char, 'a', 'z', 0x1d41a))
export const mathScript = (text: string) => mapped(text, char => shifted(char, 'a', 'z', 0x1d4ea))
export const monospace = (text: string) => mapped(text, char => shifted(char, 'a', 'z', 0x1d68a))
export const circled = (text: string) => mapped(text, char => shifted(char, 'a', 'z', 0x24d0))

export const joinedBy = (separator: string) => (text: string) => chars(text).join(separator)
export const aroundAt = (separator: string) => (text: string) => text.replace('@', `${separator}@${separator}`)
export const reversed = (text: string) => chars(text).reverse().join('')

function mapped(text: string, change: (char: string) => string): string {
  return chars(text).map(change).join('')
}

function codeUnit(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(4, '0')
}

function shifted(char: string, from: string, to: string, base: number): string {
  if (char < from || char > to) return char
  return String.fromCodePoint(base + char.charCodeAt(0) - from.charCodeAt(0))
}
