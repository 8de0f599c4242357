import Handlebars from 'handlebars'

/** Something in a template that is refused, and what to write instead. */
export interface TemplateFault {
  readonly message: string
  readonly line?: number
}

/**
 * The block helpers that a template may use, by the number of block parameters each gives. Every other name is a variable. Not
 * `each`: variables are texts, so it would go through nothing, and say so to nobody.
 */
const blockParameters = { if: 0, unless: 0, with: 1 } as const
export type BlockHelper = keyof typeof blockParameters
export const blockHelpers: Readonly<Record<BlockHelper, number>> = blockParameters

export function isBlockHelper(name: string): name is BlockHelper {
  return Object.hasOwn(blockHelpers, name)
}

export type ParsedTemplate = { kind: 'parsed'; program: hbs.AST.Program } | { kind: 'unreadable'; fault: TemplateFault }

export function parseTemplate(source: string): ParsedTemplate {
  try {
    return { kind: 'parsed', program: Handlebars.parse(source) }
  } catch (error) {
    return { kind: 'unreadable', fault: syntaxFault(error, source) }
  }
}

/** Handlebars gives the line of grammar errors in the text, and of all others in a property. */
function syntaxFault(error: unknown, source: string): TemplateFault {
  const text = error instanceof Error ? error.message : String(error)
  const first = text.split('\n')[0] ?? ''
  const inText = /^(?:Parse|Lexical) error on line (\d+)/.exec(first)?.[1]
  const inProperty = error instanceof Error && 'lineNumber' in error ? Number(error.lineNumber) : Number.NaN
  const line = inText === undefined ? inProperty : Number(inText)
  const near = source
    .split(/\r\n?|\n/)
    [line - 1]?.trim()
    .slice(0, 60)
  const what = inText === undefined ? first.replace(/ - \d+:\d+$/, '') : `cannot be read near "${near}"`
  const message = `Not a valid Handlebars template: ${what}. Give every {{ its }} and every block its end.`
  return Number.isNaN(line) ? { message } : { message, line }
}

export function isMustache(node: hbs.AST.Node): node is hbs.AST.MustacheStatement {
  return node.type === 'MustacheStatement'
}

export function isBlock(node: hbs.AST.Node): node is hbs.AST.BlockStatement {
  return node.type === 'BlockStatement'
}

export function isPath(node: hbs.AST.Node): node is hbs.AST.PathExpression {
  return node.type === 'PathExpression'
}

/** `{{"first name"}}` and `{{2}}` name variables too, though the tree calls them literals. */
export function literalName(node: hbs.AST.Node): string | undefined {
  return node.type === 'StringLiteral' || node.type === 'NumberLiteral' ? sourceName(node) : undefined
}

/** An expression as its author wrote it. */
export function sourceName(node: hbs.AST.Node): string {
  return 'original' in node ? String(node.original) : node.type
}

/** `this.name` and `./name` are never block parameters. */
export function isScoped(path: hbs.AST.PathExpression): boolean {
  return /^\.|^this\b/.test(path.original)
}
