import type { Paint } from '../cli/terminal.ts'
import { allHold, phases, type Verdict } from './verdict.ts'

/** The verdicts as people read them: a line each, by phase, with what was found, what it must be, and whether it is. */
export function writeVerdicts(verdicts: readonly Verdict[], paint: Paint): string {
  const ordered = phases.flatMap(phase => verdicts.filter(verdict => verdict.phase === phase))
  const widths = [
    Math.max(0, ...ordered.map(({ phase }) => phase.length)),
    Math.max(0, ...ordered.map(({ what }) => what.length)),
  ] as const
  const lines = ordered.map(({ phase, what, figure, bound, holds }) => {
    const word = holds ? paint('green', 'holds ') : paint('red', 'BROKEN')
    return `${word}  ${phase.padEnd(widths[0])}  ${what.padEnd(widths[1])}  ${figure}  (${bound})`
  })
  const judged = new Set(verdicts.map(({ phase }) => phase))
  const left = phases
    .filter(phase => !judged.has(phase))
    .map(phase => `${paint('red', 'BROKEN')}  ${phase}: not reached`)
  const broken = verdicts.filter(({ holds }) => !holds).length + left.length
  const sum = allHold(verdicts)
    ? paint('green', 'All hold.')
    : paint('red', `${broken} of ${verdicts.length + left.length} broken.`)
  return [...lines, ...left, '', sum].join('\n')
}
