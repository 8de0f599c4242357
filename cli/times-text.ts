import type { ReportAnswer } from './api-answers.ts'
import { count, duration } from './figures.ts'
import { LABEL_WIDTH } from './notice-text.ts'

type Times = NonNullable<ReportAnswer['times']>
type Row = Pick<Times, 'firstMs' | 'medianMs' | 'p99Ms' | 'lastMs'>

const heads = ['first', 'half', '99 %', 'last']

/** When customers were told, counted from the start: everybody, and each locale where there are several. */
export function writeTimes(times: Times): string {
  const several = times.locales.length > 1 ? times.locales : []
  const told = times.locales.reduce((sum, { accepted }) => sum + accepted, 0)
  const labels = ['everybody', ...several.map(({ locale }) => locale)]
  const counts = [told, ...several.map(({ accepted }) => accepted)].map(count)
  const rows: readonly Row[] = [times, ...several]
  const columns = [labels, counts, ...heads.map((_, column) => rows.map(row => moment(momentsOf(row)[column] ?? 0)))]
  const titles = ['Told after', '', ...heads]
  const widths = columns.map((cells, column) => Math.max(...[titles[column] ?? '', ...cells].map(cell => cell.length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(LABEL_WIDTH - 2) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  return [line(titles), ...rows.map((_, row) => line(columns.map(cells => cells[row] ?? '')))].join('\n')
}

/** Finer than a duration: locales are to be told apart. */
const moment = (seconds: number) => (seconds < 60 ? `${seconds.toFixed(1)} s` : duration(seconds))

function momentsOf({ firstMs, medianMs, p99Ms, lastMs }: Row): readonly number[] {
  return [firstMs, medianMs, p99Ms, lastMs].map(ms => ms / 1000)
}
