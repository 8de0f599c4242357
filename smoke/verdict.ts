/** One line of what was found: the figure, what it must be, and whether it is. */
export interface Verdict {
  readonly phase: Phase
  readonly what: string
  readonly figure: string
  readonly bound: string
  readonly holds: boolean
}

export const phases = [
  'stack',
  'sender',
  'audience',
  'sending',
  'feedback',
  'speed',
  'stop',
  'metrics',
  'alarms',
] as const
export type Phase = (typeof phases)[number]

type Judged = Omit<Verdict, 'phase'>

/** Verdicts of one phase. */
export const of = (phase: Phase, judged: readonly Judged[]): readonly Verdict[] =>
  judged.map(verdict => ({ phase, ...verdict }))

/** A phase that could not be gone through to its end. */
export function brokenOff(phase: Phase, why: string): Verdict {
  return { phase, what: 'gone through', figure: why, bound: 'to its end', holds: false }
}

/** All must hold, and every phase must have been judged: one that was left out proves nothing. */
export function allHold(verdicts: readonly Verdict[]): boolean {
  const judged = new Set(verdicts.map(({ phase }) => phase))
  return phases.every(phase => judged.has(phase)) && verdicts.every(({ holds }) => holds)
}
