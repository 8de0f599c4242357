import type { ReadyAudienceAnswer } from './api-answers.ts'
import { count, counted } from './figures.ts'
import type { NoticeProblem } from './notice-problem.ts'

/** Where a locale's file names a variable. */
export interface NamedVariable {
  readonly locale: string
  readonly file: string
  readonly line: number
  readonly variable: string
}

/**
 * The variables that a notice names and some recipient lacks, each where its file names it first. The API finds the same before
 * it approves, but knows the message only as it was made from these files.
 */
export function misfits(named: readonly NamedVariable[], audience: ReadyAudienceAnswer): NoticeProblem[] {
  const sent = new Set(audience.variants.map(({ variant }) => variant))
  const byNameInFile = Map.groupBy(named, ({ file, variable }) => `${file} ${variable}`)
  return [...byNameInFile.values()]
    .flatMap(([first]) => (first !== undefined && sent.has(first.locale) ? [first] : []))
    .flatMap(({ file, line, variable }) => {
      const lack = lackOf(variable, audience)
      return lack === undefined ? [] : [{ file, line, ...lack }]
    })
}

function lackOf(variable: string, { variables, recipients }: ReadyAudienceAnswer) {
  const presence = Object.hasOwn(variables, variable) ? variables[variable] : undefined
  if (presence === undefined) {
    const columns = Object.keys(variables).sort().join(', ') || 'no variables'
    return {
      what: `This names "${variable}", which the audience does not have.`,
      remedy: `The audience has ${columns}. Correct the name, or add the column to the audience.`,
    }
  }
  const lacking = recipients - presence.present
  if (lacking === 0) return undefined
  const first = presence.firstMissingLine === undefined ? '' : `, the first in its line ${presence.firstMissingLine}`
  return {
    what: `This names "${variable}", which ${count(lacking)} of ${counted(recipients, 'recipient')} lack${first}.`,
    remedy: 'Add it to their rows, empty if need be, or leave it out of the message.',
  }
}
