import { count } from '../../cli/figures.ts'
import { writeDistribution } from '../live/distribution.ts'
import type { KillRun } from './kill-run.ts'

/** One line a run. */
export function writeRun(run: KillRun): string {
  const { seed, messages, duplicates, missing, inDoubt, sentAgain, sendersKilled, allKilled, throttles, faults } = run
  const finished = run.finishedSeconds === undefined ? 'NOT finished' : `finished ${seconds(run.finishedSeconds)}`
  return [
    `seed ${seed}: ${count(messages)} messages, ${duplicates} duplicates, ${missing} missing`,
    `${inDoubt} in doubt, ${sentAgain} sent again`,
    `${sendersKilled} senders killed and ${allKilled} processes at once`,
    `last acceptance ${seconds(run.lastAcceptanceSeconds)}, ${finished}, ${throttles} throttles`,
    faults.length === 0 ? 'kept' : `BROKEN: ${faults.join('; ')}`,
  ].join(' | ')
}

/** Totals and how long it took, over all runs. */
export function writeRuns(runs: readonly KillRun[]): string {
  const total = (of: (run: KillRun) => number) => count(runs.reduce((sum, run) => sum + of(run), 0))
  const rows: readonly [string, string][] = [
    ['runs', count(runs.length)],
    ['messages', total(run => run.messages)],
    ['duplicates', total(run => run.duplicates)],
    ['missing', total(run => run.missing)],
    ['in doubt', total(run => run.inDoubt)],
    ['sent again', total(run => run.sentAgain)],
    ['senders killed', total(run => run.sendersKilled)],
    ['killed at once', total(run => run.allKilled)],
    ['throttles', total(run => run.throttles)],
    ['not finished', total(run => (run.finishedSeconds === undefined ? 1 : 0))],
    ['promises broken', `in ${total(run => (run.faults.length > 0 ? 1 : 0))} runs`],
  ]
  return [
    ...rows.map(([what, figure]) => `${what.padEnd(16)} ${figure.padStart(12)}`),
    writeDistribution(
      'to the last acceptance',
      runs.map(run => run.lastAcceptanceSeconds),
      seconds,
    ),
    writeDistribution(
      'to finished',
      runs.flatMap(({ finishedSeconds }) => finishedSeconds ?? []),
      seconds,
    ),
  ].join('\n')
}

const seconds = (value: number) => `${value.toFixed(1)} s`
