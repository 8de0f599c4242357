import type { Content } from '../notice/content.ts'
import type { ReadyAudience } from '../recipient/audience.ts'
import { fields, usesOf } from '../rendering/templates.ts'
import { variantUses } from './audience-view.ts'
import { jsonPointer } from './invalid-request.ts'
import type { FieldError } from './problems.ts'

/** Where the content names a variable that not every recipient has. Empty when each message can be rendered. */
export function misfits(content: Content, audience: ReadyAudience): FieldError[] {
  const used = new Set(variantUses(content, audience.locales).map(({ variant }) => variant))
  return Object.entries(content.variants)
    .filter(([locale]) => used.has(locale))
    .flatMap(([locale, variant]) =>
      fields.flatMap(field => {
        const byVariable = Map.groupBy(usesOf(variant, field), use => use.variable)
        return [...byVariable].flatMap(([variable, [use]]) => {
          const lack = lackOf(variable, audience)
          if (lack === undefined) return []
          const detail = `The ${field} in "${locale}" names "${variable}" in its line ${use?.line}, ${lack}`
          return [{ pointer: jsonPointer(['content', 'variants', locale, field]), detail, remedy }]
        })
      }),
    )
}

const remedy = 'Upload an audience that has it for everyone, or create the notice again without it.'

function lackOf(variable: string, { variables, recipients }: ReadyAudience): string | undefined {
  const presence = Object.hasOwn(variables, variable) ? variables[variable] : undefined
  if (presence === undefined) {
    const columns = Object.keys(variables).sort()
    return `which the audience does not have. It has ${columns.length === 0 ? 'no variables' : columns.join(', ')}.`
  }
  if (presence.present === recipients) return undefined
  const lacking = recipients - presence.present
  const first = presence.firstMissingLine === undefined ? '' : `, first in line ${presence.firstMissingLine}`
  return `which ${lacking} of ${recipients} recipients lack${first}.`
}
