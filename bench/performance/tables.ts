import { count, duration, percent } from '../../cli/figures.ts'
import type { CaseResult } from './case-result.ts'
import { handsFor, type Way } from './cases.ts'

type Column = readonly [heading: string, cell: (result: CaseResult) => string]

/** A table of Markdown: the first column is text, the others are figures. */
export function tableOf(results: readonly CaseResult[], columns: readonly Column[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    row(columns.map(([heading]) => heading)),
    row(columns.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...results.map(result => row(columns.map(([, cell]) => cell(result)))),
  ].join('\n')
}

/** At what others leave of the rate. */
const leastOf = ({ leastSeconds, planned }: CaseResult) => leastSeconds / (1 - planned.others)
const rate = (ratePerSecond: number) => `${count(ratePerSecond)}/s`
const perMessage = (ms: number | undefined, { accepted }: CaseResult) =>
  ms === undefined ? '–' : (ms / accepted).toFixed(ms / accepted < 10 ? 1 : 0)
const sendersOf = (way: Way) =>
  way.kind === 'one-at-a-time' ? 1 : way.kind === 'padded-second' ? way.concurrency : way.senders

const spans: readonly Column[] = [
  ['N / rate', result => duration(leastOf(result))],
  ['makespan', ({ lastSeconds }) => duration(lastSeconds)],
  ['utilisation', ({ utilisation }) => percent(utilisation)],
  ['throttles', ({ throttles }) => count(throttles)],
]
const told: readonly Column[] = [
  ['first', ({ firstSeconds }) => duration(firstSeconds)],
  ['median', ({ medianSeconds }) => duration(medianSeconds)],
  ['p99', ({ p99Seconds }) => duration(p99Seconds)],
  ['last', ({ lastSeconds }) => duration(lastSeconds)],
]
const idle: Column = ['idle ms a message', result => perMessage(result.idleMs, result)]
const billed: Column = ['billed ms a message', result => perMessage(result.billedMs, result)]
const senders: Column = ['senders', ({ planned }) => count(sendersOf(planned.way))]

export const plainColumns: readonly Column[] = [
  ['limit', ({ planned }) => rate(planned.ratePerSecond)],
  senders,
  ...spans,
  idle,
  billed,
  ...told,
]

export const disturbedColumns: readonly Column[] = [
  ['at 1,000/s', ({ planned }) => planned.name],
  senders,
  ...spans,
  idle,
  ...told,
  ['besides', besides],
]

export const comparedColumns: readonly Column[] = [
  ['limit', ({ planned }) => rate(planned.ratePerSecond)],
  ['way', ({ planned }) => (planned.way.kind === 'onlyto' ? '**OnlyTo**' : planned.name)],
  senders,
  ...spans,
  billed,
]

export const handsColumns: readonly Column[] = [
  ['limit', ({ planned }) => rate(planned.ratePerSecond)],
  ['senders', ({ planned }) => handsText(planned.way, planned.ratePerSecond)],
  ['recipients', ({ planned }) => count(planned.recipients)],
  ['utilisation', ({ utilisation }) => percent(utilisation)],
  idle,
  billed,
]

function besides({ planned, killed, invocations, report, othersAccepted, othersThrottles }: CaseResult): string {
  if (planned.others > 0) return `${count(othersThrottles)} of the others' ${count(othersAccepted)} throttled`
  if (planned.killed === 0) return '–'
  return `${count(killed)} of ${count(invocations ?? 0)} calls killed, ${count(report?.sentAgain ?? 0)} sent again in doubt`
}

function handsText(way: Way, ratePerSecond: number): string {
  const formula = handsFor(ratePerSecond)
  const more = sendersOf(way) - formula
  if (more === 0) return `**${formula}**, the formula`
  return `${sendersOf(way)}, ${Math.abs(more)} ${more > 0 ? 'more' : 'fewer'}`
}

/** One line of each lane of each run. */
export function laneRows(results: readonly CaseResult[]): string {
  const rows = results.flatMap(({ planned, lanes }) =>
    lanes.map(({ pattern, recipients, ceiling, mostInASecond, leastSeconds, seconds }) =>
      [
        planned.name,
        pattern === '' ? 'everybody else' : `\`${pattern}\``,
        count(recipients),
        ceiling ?? '–',
        count(mostInASecond),
        leastSeconds === undefined ? '–' : duration(leastSeconds),
        duration(seconds),
      ].join(' | '),
    ),
  )
  return [
    'run | lane | recipients | ceiling | most in any second | recipients / ceiling | last',
    '--- | --- | ---: | ---: | ---: | ---: | ---:',
    ...rows,
  ]
    .map(row => `| ${row} |`)
    .join('\n')
}

/** What is printed as a case ends. */
export function caseLine(result: CaseResult): string {
  const { planned, utilisation, throttles, lastSeconds, processorSeconds, memoryMb } = result
  return [
    `${planned.table}: ${rate(planned.ratePerSecond)}, ${planned.name}`.padEnd(75),
    `${percent(utilisation)} used, ${count(throttles)} throttles, ${duration(lastSeconds)} of ${duration(leastOf(result))}`,
    `(${processorSeconds.toFixed(0)} s of processor, ${memoryMb.toFixed(0)} MB)`,
  ].join(' ')
}
