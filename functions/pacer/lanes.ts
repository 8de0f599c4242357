import { domainToASCII } from 'node:url'
import * as z from 'zod'

/**
 * Ceilings for mailbox providers that punish bursts, in recipients a second: `{ "163.com": 5, "yahoo.*": 50 }`. A lane is named
 * by its pattern: a domain as addresses have it, in which `*` stands for one or more whole labels.
 */
export type Lanes = Readonly<Record<string, number>>

/** Each lane costs a pacer, a sender and an open batch while an audience is indexed. */
export const LANES_MAX = 20
export const CEILING_MAX = 100_000
/** A recipient every hundred seconds. A slower lane would only hold senders up. */
const CEILING_MIN = 0.01
/** Lambda takes 4 KB of environment in all. */
const TEXT_MAX = 2_000
/** The work of matching grows with the length of a domain to the power of these. */
const WILDCARDS_MAX = 2

const example = '{"163.com":5,"yahoo.*":50}'

export const lanesSchema = z
  .custom<Readonly<Record<string, unknown>>>(isObject, `it is not an object such as ${example}`)
  .transform((given, context): Lanes => {
    const faults = faultsOf(given)
    for (const fault of faults) context.addIssue(fault)
    const ceilings = Object.entries(given).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    return faults.length === 0 ? Object.fromEntries(ceilings) : z.NEVER
  })

/** Lanes as they are written into an environment or on a command line: JSON. */
export const lanesText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue(`it is not JSON such as ${example}`)
      return z.NEVER
    }
  })
  .pipe(lanesSchema)

function isObject(given: unknown): boolean {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
}

function faultsOf(given: Readonly<Record<string, unknown>>): readonly string[] {
  const entries = Object.entries(given)
  const faults = entries.flatMap(([pattern, ceiling]) => {
    const fault = faultOfPattern(pattern)
    return [
      ...(fault === undefined ? [] : [`"${pattern}" names no lane: ${fault}`]),
      ...(isCeiling(ceiling)
        ? []
        : [`the ceiling of "${pattern}" is a number of recipients a second from ${CEILING_MIN} to ${CEILING_MAX}`]),
    ]
  })
  if (faults.length > 0) return faults
  if (entries.length > LANES_MAX) return [`there are ${entries.length} lanes, and at most ${LANES_MAX} are possible`]
  const length = JSON.stringify(given).length
  return length > TEXT_MAX ? [`their text has ${length} characters, and at most ${TEXT_MAX} are possible`] : []
}

function isCeiling(ceiling: unknown): boolean {
  return typeof ceiling === 'number' && ceiling >= CEILING_MIN && ceiling <= CEILING_MAX
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

function faultOfPattern(pattern: string): string | undefined {
  if (pattern.includes('@')) return 'it is a domain, without the part before the @'
  if (pattern !== pattern.toLowerCase()) return 'write it in lower case'
  const labels = pattern.split('.')
  if (labels.includes('')) return 'no part between its dots may be empty'
  const strange = labels.find(label => label !== '*' && !LABEL.test(label))
  if (strange !== undefined) return faultOfLabel(strange)
  if (labels.length < 2 || labels.every(label => label === '*'))
    return 'it is a whole domain, such as 163.com or yahoo.*'
  const wildcards = labels.filter(label => label === '*').length
  return wildcards > WILDCARDS_MAX ? `it has ${wildcards} *, and at most ${WILDCARDS_MAX} are possible` : undefined
}

function faultOfLabel(label: string): string {
  if (label.includes('*')) return 'a * stands for whole parts between dots'
  const ascii = domainToASCII(label)
  return ascii !== label && LABEL.test(ascii)
    ? `write "${label}" as addresses have it, ${ascii}`
    : 'its parts are made of letters, digits and inner hyphens, or are a *'
}

/**
 * Finds the lane that a domain belongs to; undefined in the main lane. A pattern without * goes before one with, and a longer
 * one before a shorter one. Remembers no domain, as an audience may have millions.
 */
export function laneFinder(lanes: Lanes): (domain: string) => string | undefined {
  const patterns = Object.keys(lanes)
  const exact = new Set(patterns.filter(pattern => !pattern.includes('*')))
  const wild = patterns
    .filter(pattern => pattern.includes('*'))
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map(pattern => ({ pattern, literal: longestLiteral(pattern), expression: expressionOf(pattern) }))
  return domain => {
    if (exact.has(domain)) return domain
    return wild.find(({ literal, expression }) => domain.includes(literal) && expression.test(domain))?.pattern
  }
}

/** What every domain of the pattern has in it: looked for first, as that is several times faster. */
function longestLiteral(pattern: string): string {
  return pattern.split('*').reduce((longest, literal) => (literal.length > longest.length ? literal : longest))
}

function expressionOf(pattern: string): RegExp {
  const labels = pattern.split('.').map(label => (label === '*' ? '.+' : label))
  return new RegExp(`^${labels.join('\\.')}$`)
}
