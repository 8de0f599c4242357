import type { HistoryAnswer } from './api-answers.ts'
import { counted, instant } from './figures.ts'

type Entry = HistoryAnswer['entries'][number]

/** What was done, as one says it. */
const deeds: Readonly<Record<string, string>> = {
  create: 'created',
  upload: 'audience asked for',
  approve: 'approved',
  start: 'started',
  stop: 'stopped',
  'stop-all': 'stopped, as all were',
  leak: 'message refused',
  resume: 'resumed',
  retry: 'retried',
  finish: 'finished',
}

const ITSELF = 'OnlyTo'
/** The first entries are always kept. */
const KEPT_BEFORE_A_GAP = 10

/** A line an entry, oldest first: when, what, under which run, by whom; and below it why. */
export function writeHistory({ entries, leftOut }: HistoryAnswer): string {
  const width = (of: (entry: Entry) => string) => Math.max(0, ...entries.map(entry => of(entry).length))
  const widths = { deed: width(deedOf), run: width(runOf) }
  const lines = entries.map(entry => writeEntry(entry, widths))
  if (leftOut === 0) return lines.join('\n')
  return lines.toSpliced(KEPT_BEFORE_A_GAP, 0, `  … ${counted(leftOut, 'entry', 'entries')} not kept …`).join('\n')
}

const deedOf = ({ action }: Entry) => deeds[action] ?? action
const runOf = ({ run }: Entry) => (run === 0 ? '' : `run ${run}`)

function writeEntry(entry: Entry, widths: { deed: number; run: number }): string {
  const { at, by = ITSELF, reason, finding } = entry
  const columns = [instant(at).padEnd(27), deedOf(entry).padEnd(widths.deed), runOf(entry).padEnd(widths.run), by]
  const found = finding && `the leak guard refused: ${finding.rule} in ${finding.field}  ${finding.excerpt}`.trimEnd()
  const why = [found, reason].filter(text => text !== undefined)
  return [columns.join('  '), ...why.map(text => `${' '.repeat(29)}${text}`)].join('\n')
}
