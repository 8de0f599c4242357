/** Encodings inside encodings that are undone. */
const NESTED = 6

const entityNames: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  commat: '@',
  lowbar: '_',
  percnt: '%',
  period: '.',
  plus: '+',
  quot: '"',
}

/** A text as it stands, and each time that something was undone: escapes of JSON, percent-encoding, entities, UTF-16, wide forms. */
export function readings(text: string): ReadonlySet<string> {
  const all = new Set([text])
  let reading = text
  for (let depth = 0; depth < NESTED; depth += 1) {
    reading = withoutNul(decodeEntities(decodePercent(decodeEscapes(reading)))).normalize('NFKC')
    if (all.has(reading)) break
    all.add(reading)
  }
  return all
}

const ESCAPE = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([nrtbf"'\\/]))/gi
const decodeEscapes = (text: string) =>
  text.replace(ESCAPE, (_, unicode, byte, letter) =>
    letter === undefined ? String.fromCharCode(Number.parseInt(unicode ?? byte, 16)) : unescaped(letter),
  )
const unescaped = (letter: string) => (/[nrtbf]/i.test(letter) ? '\n' : letter)

const decodePercent = (text: string) =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, run => Buffer.from(run.replaceAll('%', ''), 'hex').toString())

const decodeEntities = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{3,6}));?/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entityNames[name.toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })

const withoutNul = (text: string) => text.replaceAll('\0', '')
