import type { Variant } from '../../functions/notice/content.ts'

/** What a person should read: the template with their values in the place of each `{{variable}}`. */
export function fillIn(template: string, variables: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => variables[name] ?? `(no ${name})`)
}

/** The audit fills templates in by itself, and knows no more of Handlebars than plain variables. */
export function readsOnlyVariables(variant: Variant): boolean {
  const rest = Object.values(variant)
    .join('\n')
    .replace(/\{\{\s*\w+\s*\}\}/g, '')
  return !rest.includes('{{')
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }

/** HTML as a reader's program decodes it. */
export function decodeEntities(html: string): string {
  return html.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi,
    (entity, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? entity
      return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
    },
  )
}

/** Mail ends its lines in CR LF, and ends bodies as it likes. */
export function normaliseLines(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd()
}
