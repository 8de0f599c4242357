import * as z from 'zod'

/**
 * Ceilings for mailbox providers that punish bursts, in recipients a second: `{ "163.com": 5, "yahoo.*": 50 }`. A lane is named
 * by its pattern: a domain, in which `*` stands for one or more labels.
 */
export const lanesSchema = z.record(z.string().min(1), z.number().positive())
export type Lanes = z.infer<typeof lanesSchema>

/** Lanes as they are written into an environment or on a command line: JSON. */
export const lanesText = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue('is not JSON such as {"163.com":5,"yahoo.*":50}')
      return z.NEVER
    }
  })
  .pipe(lanesSchema)

/** Finds the lane that a domain belongs to; undefined in the main lane. The most exact pattern wins. */
export function laneFinder(lanes: Lanes): (domain: string) => string | undefined {
  const patterns = Object.keys(lanes)
    .sort((a, b) => Number(a.includes('*')) - Number(b.includes('*')) || b.length - a.length || (a < b ? -1 : 1))
    .map(pattern => ({ pattern, expression: expressionOf(pattern) }))
  const found = new Map<string, string | undefined>()
  return domain => {
    if (!found.has(domain)) found.set(domain, patterns.find(({ expression }) => expression.test(domain))?.pattern)
    return found.get(domain)
  }
}

function expressionOf(pattern: string): RegExp {
  const labels = pattern
    .toLowerCase()
    .split('.')
    .map(label => label.replaceAll(/[^a-z0-9-*]/g, '\\$&').replaceAll('*', '[^@]+'))
  return new RegExp(`^${labels.join('\\.')}$`)
}
