import { readFileSync, writeFileSync } from 'node:fs'
import { alarmCatalogue } from '../cdk/alarm-catalogue.ts'
import { type AlarmEntry, anchorOf } from '../cdk/alarm-entry.ts'

/** The alarms as a table of docs/runbook.md: what sets each off, and what it makes of silence. `npm run docs` writes it there. */
export function alarmTable(): string {
  const rows = alarmCatalogue.map(
    entry =>
      `| [${entry.heading}](#${anchorOf(entry.heading)}) | \`Alarms${entry.id.replaceAll('-', '')}\` | ${whenItGoesOff(entry)} | ${entry.whenMissing.why} |`,
  )
  return ['| alarm | its name contains | goes off at | and when nothing is heard |', '|---|---|---|---|', ...rows].join(
    '\n',
  )
}

function whenItGoesOff({ source, statistic, threshold, goesOff, periodMinutes, periods = 1 }: AlarmEntry): string {
  const what =
    source.kind === 'own' ? `\`${source.name}\`${source.reason === undefined ? '' : ` (${source.reason})`}` : source.of
  const bound = `${goesOff === 'below' ? 'below' : 'from'} ${threshold}`
  const minutes = `${periodMinutes} min`
  const how = { Sum: 'in', Maximum: 'at the highest in', Average: 'on average over' }[statistic]
  return `${what} ${bound} ${how} ${minutes}${periods === 1 ? '' : `, ${periods} times in a row`}`
}

const BORDERS = /(<!-- alarms: [^\n]*-->\n)[\s\S]*?(<!-- \/alarms -->)/

/** The runbook with the table as the catalogue has it now. */
export function withAlarmTable(runbook: string): string {
  return runbook.replace(BORDERS, (_, begin: string, end: string) => `${begin}\n${alarmTable()}\n\n${end}`)
}

if (import.meta.main) {
  const page = new URL('runbook.md', import.meta.url)
  writeFileSync(page, withAlarmTable(readFileSync(page, 'utf8')))
}
