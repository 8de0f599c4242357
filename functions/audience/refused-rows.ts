import type { ByteSink } from './byte-sink.ts'
import type { RefusedRow, RowFault } from './row.ts'

const VALUE_SHOWN_MAX = 1000
const FLUSH_LENGTH = 65_536

/** Writes the file of refused rows, `line,field,reason,explanation,value` (RFC 4180), and counts them by reason. */
export function createRefusedRowsWriter(sink: ByteSink) {
  const counts = new Map<RowFault, { rows: number; line: number }>()
  let text = 'line,field,reason,explanation,value\r\n'
  let rows = 0

  async function flush(): Promise<void> {
    const bytes = Buffer.from(text)
    text = ''
    await sink.write(bytes)
  }

  return {
    /** Undefined while there is room in the buffer. */
    add(row: RefusedRow): Promise<void> | undefined {
      const { line, field, reason, explanation, value } = row
      const count = counts.get(reason) ?? { rows: 0, line }
      counts.set(reason, { ...count, rows: count.rows + 1 })
      rows++
      text += `${line},${cell(field)},${reason},${cell(explanation)},${cell(value)}\r\n`
      return text.length > FLUSH_LENGTH ? flush() : undefined
    },
    flush,
    rows: () => rows,
    byReason: () => Object.fromEntries([...counts].map(([reason, count]) => [reason, count.rows])),
    mostFrequent: () => {
      const [first, ...others] = [...counts].map(([reason, count]) => ({ reason, ...count }))
      return first && others.reduce((most, next) => (next.rows > most.rows ? next : most), first)
    },
  }
}

/**
 * A quoted cell. A text that a spreadsheet would run as a formula gets an apostrophe before it
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function cell(value: string): string {
  const shown = value.length > VALUE_SHOWN_MAX ? `${value.slice(0, VALUE_SHOWN_MAX)}…` : value
  const neutral = /^[=+\-@\t\r]/.test(shown) ? `'${shown}` : shown
  return `"${neutral.toWellFormed().replaceAll('"', '""')}"`
}
