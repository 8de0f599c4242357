import Handlebars from 'handlebars'
import type { Content, Variant } from '../notice/content.ts'
import type { Recipient } from '../recipient/recipient.ts'
import { Defect } from '../runtime/defect.ts'
import { chooseLocale } from './choose-locale.ts'
import { blockHelpers } from './template-syntax.ts'
import { type Field, fields, usesOf } from './templates.ts'

/** A notice's content, ready to render. Templates are compiled when first needed, once for all their recipients. */
export interface CompiledContent {
  variantFor(wanted: string | undefined): CompiledVariant
}

export interface CompiledVariant {
  readonly locale: string
  readonly fields: readonly CompiledField[]
}

interface CompiledField {
  readonly field: Field
  readonly variables: readonly string[]
  render(variables: Recipient['variables']): string
}

export type Rendering =
  | { kind: 'rendered'; locale: string; subject: string; text: string; html: string; madeFrom: MadeFrom }
  /** This recipient's message cannot be made. The reason names variables and fields, never a value. */
  | { kind: 'failed'; reason: string }

/** What of a recipient's row a message was really made from. */
export interface MadeFrom {
  /** As the row gives it, by which the variant was chosen. */
  readonly locale?: string | undefined
  readonly variables: Recipient['variables']
}

export function compileContent(content: Content): CompiledContent {
  const available = Object.keys(content.variants)
  const byLocale = new Map<string, CompiledVariant>()
  const byWanted = new Map<string | undefined, CompiledVariant>()
  const compiledFor = (locale: string) => {
    const compiled = byLocale.get(locale) ?? compileVariant(locale, content.variants[locale])
    byLocale.set(locale, compiled)
    return compiled
  }
  return {
    variantFor: wanted => {
      const compiled = byWanted.get(wanted) ?? compiledFor(chooseLocale(available, content.defaultLocale, wanted))
      byWanted.set(wanted, compiled)
      return compiled
    },
  }
}

/** Renders one recipient's message, all of it or nothing. */
export function renderMessage(compiled: CompiledContent, { locale: wanted, variables: values }: MadeFrom): Rendering {
  const { locale, fields } = compiled.variantFor(wanted)
  const message: Record<Field, string> = { subject: '', text: '', html: '' }
  for (const { field, variables, render } of fields) {
    const missing = variables.filter(variable => !Object.hasOwn(values, variable))
    if (missing.length > 0) return failed(field, locale, `names ${quote(missing)}, which the recipient does not have`)
    try {
      message[field] = render(values)
    } catch {
      // Handlebars puts values into its messages, so its reason stays here.
      return failed(field, locale, 'cannot be rendered for this recipient')
    }
    if (field === 'subject' && breaksLine(message.subject)) {
      const broken = variables.filter(variable => breaksLine(values[variable] ?? ''))
      return failed(field, locale, `would have a line break, from ${quote(broken)}`)
    }
  }
  return { kind: 'rendered', locale, ...message, madeFrom: { locale: wanted, variables: values } }
}

/** An environment with the built-in block helpers alone. Its templates reach own properties only, never a prototype's. */
const handlebars = Handlebars.create()
for (const helper of Object.keys(handlebars.helpers)) {
  if (!Object.hasOwn(blockHelpers, helper)) handlebars.unregisterHelper(helper)
}
const knownHelpers = {
  helperMissing: false,
  blockHelperMissing: false,
  log: false,
  lookup: false,
  each: false,
  if: true,
  unless: true,
  with: true,
}

function compileVariant(locale: string, variant: Variant | undefined): CompiledVariant {
  if (variant === undefined) throw new Defect('content-locale', `The content has no variant "${locale}"`)
  return { locale, fields: fields.map(field => compileField(variant, field)) }
}

function compileField(variant: Variant, field: Field): CompiledField {
  const noEscape = field !== 'html'
  const template = handlebars.compile<Recipient['variables']>(variant[field], {
    strict: true,
    knownHelpers,
    knownHelpersOnly: true,
    noEscape,
  })
  const variables = [...new Set(usesOf(variant, field).map(use => use.variable))]
  return { field, variables, render: values => template(values) }
}

function breaksLine(text: string): boolean {
  return /[\r\n]/.test(text)
}

function failed(field: Field, locale: string, what: string): Rendering {
  return { kind: 'failed', reason: `The ${field} in "${locale}" ${what}.` }
}

function quote(names: readonly string[]): string {
  return names.map(name => `"${name}"`).join(', ')
}
