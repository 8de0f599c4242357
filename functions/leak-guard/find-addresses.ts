/**
 * Finds every e-mail address that a reader could see in a text: as written, behind HTML entities, behind percent-encoding
 * (nested too), in compatibility forms and with invisible characters between. Pure and linear in the text's length.
 */
const MAY_HIDE_AN_ADDRESS = /[@&%\uFF20\uFE6B]/
const INVISIBLE = new RegExp(
  [
    '[\\u00AD\\u061C\\u115F\\u1160\\u17B4\\u17B5]',
    '[\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u206F\\uFEFF]',
    '\\u034F',
    '[\\u180B-\\u180F]',
    '[\\uFE00-\\uFE0F]',
  ].join('|'),
  'g',
)
const LOCAL = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\u0080-\uFFFF-]/
const DOMAIN = /[A-Za-z0-9.\u0080-\uFFFF-]/
/** RFC 5321's bounds: 64 for the local part, 255 for the domain. A longer run is looked at up to there. */
const LOCAL_LENGTH = 64
const DOMAIN_LENGTH = 255
/** Encodings inside encodings that are undone. */
const NESTED = 4

export function findAddresses(text: string): readonly string[] {
  if (!MAY_HIDE_AN_ADDRESS.test(text)) return []
  const found = new Set<string>()
  for (const reading of readings(text)) addAddresses(reading, found)
  return [...found]
}

/** The text as written and as each decoding step shows it, until nothing changes. */
function readings(text: string): ReadonlySet<string> {
  const all = new Set<string>()
  let reading = text
  for (let depth = 0; depth <= NESTED; depth++) {
    const plain = reading.normalize('NFKC').replace(INVISIBLE, '')
    if (all.has(plain)) break
    all.add(plain)
    reading = decodePercent(decodeEntities(plain))
  }
  return all
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  commat: '@',
  period: '.',
  plus: '+',
  lowbar: '_',
  hyphen: '-',
  dash: '-',
  amp: '&',
  percnt: '%',
  shy: '',
  ZeroWidthSpace: '',
  NoBreak: '',
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,15}));?/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED_ENTITIES[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

function decodePercent(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/%([2-7][0-9a-fA-F])/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function addAddresses(text: string, found: Set<string>): void {
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    let start = at
    while (start > 0 && at - start < LOCAL_LENGTH && LOCAL.test(text.charAt(start - 1))) start--
    let end = at + 1
    while (end < text.length && end - at <= DOMAIN_LENGTH && DOMAIN.test(text.charAt(end))) end++
    const local = text.slice(start, at).replace(/^[.]+/, '')
    const domain = text.slice(at + 1, end).replace(/[.-]+$/, '')
    if (local !== '' && domain.includes('.')) found.add(`${local}@${domain}`.toLowerCase())
  }
}
