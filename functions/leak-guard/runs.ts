/** A run of base64's or hexadecimal's alphabet that could be one of them. */
export interface Run {
  readonly text: string
  /** Has a capital after a small letter or digit, as base64 of any text has, and words and capitalised names have not. */
  readonly mixed: boolean
  /** Has so many hexadecimal digits in a row that they may be a text. */
  readonly hex: boolean
}

export const SHORTEST_RUN = 8
const HEX_RUN = /[0-9A-Fa-f]{12}/
/** Base64 that goes on in the next line: a mail's lines of it have 64 or 76 characters. */
const SHORTEST_LINE = 60

/** What tells a run: a capital after a small letter or digit, or many hexadecimal digits, some of which are digits. */
const TELLING = /(?<=[a-z0-9])[A-Z]|\d[0-9A-Fa-f]{11}/g
const MIXED = /[a-z0-9][A-Z]/

const IN_RUN = new Uint8Array(128)
for (let code = 0x2b; code < 0x7b; code++) if (/[\w+/-]/.test(String.fromCharCode(code))) IN_RUN[code] = 1
const isInRun = (code: number) => IN_RUN[code] === 1

/** Every run in a text that may be an encoding. Linear: after a run, the search goes on where it ended. */
export function findRuns(text: string): readonly Run[] {
  const runs: Run[] = []
  TELLING.lastIndex = 0
  for (let told = TELLING.exec(text); told !== null; told = TELLING.exec(text)) {
    let start = told.index
    while (isInRun(text.charCodeAt(start - 1))) start--
    const end = endOfRun(text, start)
    TELLING.lastIndex = end
    if (end - start < SHORTEST_RUN) continue
    const run = text.slice(start, end).replace(/[\r\n]/g, '')
    runs.push({ text: run, mixed: MIXED.test(run), hex: HEX_RUN.test(run) })
  }
  return runs
}

function endOfRun(text: string, start: number): number {
  let lineStart = start
  for (let end = start; ; end++) {
    if (isInRun(text.charCodeAt(end))) continue
    if (end - lineStart < SHORTEST_LINE) return end
    const line = /\r?\n?/y
    line.lastIndex = end
    line.test(text)
    if (!isInRun(text.charCodeAt(line.lastIndex))) return end
    lineStart = end = line.lastIndex
  }
}
