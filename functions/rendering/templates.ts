import type { Content, Variant } from '../notice/content.ts'
import { parseLocale } from '../recipient/locale.ts'
import { readTemplate, type TemplateReading, type VariableUse } from './template-reader.ts'

export type { VariableUse } from './template-reader.ts'

/** The templates of a variant. Only the HTML body escapes what it puts in. */
export const fields = ['subject', 'text', 'html'] as const
export type Field = (typeof fields)[number]

/** A fault in a notice's content: where (a JSON pointer into the content, and a line of that text), and what to do. */
export interface ContentProblem {
  readonly pointer: string
  readonly message: string
  readonly line?: number
}

/** The variables that a variant names, each once, sorted. A recipient who lacks one cannot be sent the variant. */
export function variablesOf(variant: Variant): readonly string[] {
  return [...new Set(fields.flatMap(field => usesOf(variant, field).map(use => use.variable)))].sort()
}

/** Every place where a field of a variant names a variable. */
export function usesOf(variant: Variant, field: Field): readonly VariableUse[] {
  return readField(variant, field).uses
}

/** Everything that is wrong with a content, so that its author mends it in one go. Empty when it can be rendered. */
export function checkContent(content: Content): readonly ContentProblem[] {
  return [...checkLocales(content), ...Object.entries(content.variants).flatMap(checkVariant)]
}

/** The same content under canonical locales, which is what is stored. Only for content that passed `checkContent`. */
export function canonicalContent(content: Content): Content {
  const canonical = (locale: string) => canonicalLocale(locale) ?? locale
  return {
    defaultLocale: canonical(content.defaultLocale),
    variants: Object.fromEntries(
      Object.entries(content.variants).map(([locale, variant]) => [canonical(locale), variant]),
    ),
  }
}

function checkLocales({ defaultLocale, variants }: Content): ContentProblem[] {
  const problems: ContentProblem[] = []
  const seen = new Map<string, string>()
  for (const locale of Object.keys(variants)) {
    const canonical = canonicalLocale(locale)
    const twin = canonical === undefined ? undefined : seen.get(canonical)
    if (canonical === undefined) problems.push({ pointer: pointer('variants', locale), message: unknown(locale) })
    else if (twin !== undefined) {
      const message = `"${twin}" and "${locale}" are the same locale, ${canonical}. Keep one of them.`
      problems.push({ pointer: pointer('variants', locale), message })
    } else seen.set(canonical, locale)
  }
  const canonicalDefault = canonicalLocale(defaultLocale)
  if (canonicalDefault === undefined) problems.push({ pointer: '/defaultLocale', message: unknown(defaultLocale) })
  else if (!seen.has(canonicalDefault)) {
    const have = [...seen.keys()].join(', ') || 'none'
    const message = `There is no variant for the default locale "${defaultLocale}" (variants: ${have}). Add it, or choose another default.`
    problems.push({ pointer: '/defaultLocale', message })
  }
  return problems
}

function unknown(locale: string): string {
  return `"${locale}" is not a known locale. Use a language tag such as en, pt-BR or zh-Hant.`
}

function checkVariant([locale, variant]: [string, Variant]): ContentProblem[] {
  const at = (field: Field) => pointer('variants', locale, field)
  const problems: ContentProblem[] = []
  if (/[\r\n]/.test(variant.subject)) {
    problems.push({ pointer: at('subject'), message: 'A subject is one line. Remove its line breaks.' })
  }
  for (const field of fields) {
    problems.push(...readField(variant, field).faults.map(fault => ({ pointer: at(field), ...fault })))
  }
  return problems
}

function readField(variant: Variant, field: Field): TemplateReading {
  return readTemplate(variant[field], field === 'html' ? 'html' : 'plain')
}

function canonicalLocale(tag: string): string | undefined {
  const parsed = parseLocale(tag)
  return parsed.kind === 'valid' ? parsed.locale : undefined
}

/** A JSON pointer (RFC 6901). */
function pointer(...tokens: readonly string[]): string {
  return tokens.map(token => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
