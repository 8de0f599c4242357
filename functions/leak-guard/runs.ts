/** A run of base64's or hexadecimal's alphabet that could be one of them. */
export interface Run {
  readonly text: string
  /** Has a capital after a small letter or digit, as base64 of any text has, and words and capitalised names have not. */
  readonly mixed: boolean
  /** Has so many hexadecimal digits in a row that they may be a text. */
  readonly hex: boolean
}

export const SHORTEST_RUN = 8
const SHORTEST_HEX = 12
/** Base64 that goes on in the next line: a mail's lines of it have 64 or 76 characters. */
const SHORTEST_LINE = 60

const IN_RUN = 1
const SMALL = 2
const CAPITAL = 4
const HEX = 8
const KINDS = new Uint8Array(128)
for (const char of '+/-_') KINDS[char.charCodeAt(0)] = IN_RUN
for (let code = 0x30; code <= 0x39; code++) KINDS[code] = IN_RUN | SMALL | HEX
for (let code = 0x61; code <= 0x7a; code++) KINDS[code] = IN_RUN | SMALL | (code <= 0x66 ? HEX : 0)
for (let code = 0x41; code <= 0x5a; code++) KINDS[code] = IN_RUN | CAPITAL | (code <= 0x46 ? HEX : 0)

/** Every run in a text, found in one pass that most texts leave with nothing. */
export function findRuns(text: string): readonly Run[] {
  const runs: Run[] = []
  let start = 0
  let mixed = false
  let hexDigits = 0
  let hex = false
  let before = 0
  let folded = false
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0
    const kind = code < 128 ? (KINDS[code] ?? 0) : 0
    if (kind !== 0) {
      if ((kind & CAPITAL) !== 0 && (before & SMALL) !== 0) mixed = true
      hexDigits = (kind & HEX) !== 0 ? hexDigits + 1 : 0
      if (hexDigits === SHORTEST_HEX) hex = true
    } else {
      if (at - start >= SHORTEST_LINE && (code === 10 || code === 13) && mixed) {
        folded = true
        continue
      }
      if ((mixed || hex) && at - start >= SHORTEST_RUN) {
        const run = text.slice(start, at)
        runs.push({ text: folded ? run.replace(/[\r\n]/g, '') : run, mixed, hex })
      }
      start = at + 1
      mixed = hex = folded = false
      hexDigits = 0
    }
    before = kind
  }
  return runs
}
