import {
  type BlockHelper,
  blockHelpers,
  isBlock,
  isBlockHelper,
  isMustache,
  isPath,
  isScoped,
  literalName,
  parseTemplate,
  sourceName,
  type TemplateFault,
} from './template-syntax.ts'

/** Where a template names a variable of the recipient. */
export interface VariableUse {
  readonly variable: string
  readonly line: number
}

export interface TemplateReading {
  readonly uses: readonly VariableUse[]
  readonly faults: readonly TemplateFault[]
}

/** What names mean at one place of a template: the variables at the top, one value inside `with`. */
interface Scope {
  readonly context: 'variables' | 'value'
  readonly blockParams: readonly string[]
  readonly parent: Scope | undefined
}

const topScope: Scope = { context: 'variables', blockParams: [], parent: undefined }
const helperList = '{{#if}}, {{#unless}} and {{#with}}'

/** Reads a template's syntax tree: which variables it names, and what in it is refused. */
export function readTemplate(source: string, format: 'html' | 'plain'): TemplateReading {
  const parsed = parseTemplate(source)
  if (parsed.kind === 'unreadable') return { uses: [], faults: [parsed.fault] }
  const reader = new TemplateReader(format)
  reader.readProgram(parsed.program, topScope)
  return { uses: reader.uses, faults: reader.faults }
}

class TemplateReader {
  readonly uses: VariableUse[] = []
  readonly faults: TemplateFault[] = []
  readonly #format: 'html' | 'plain'

  constructor(format: 'html' | 'plain') {
    this.#format = format
  }

  readProgram(program: hbs.AST.Program | undefined, scope: Scope): void {
    for (const statement of program?.body ?? []) {
      if (isMustache(statement)) this.#readMustache(statement, scope)
      else if (isBlock(statement)) this.#readBlock(statement, scope)
      else if (statement.type.startsWith('Partial')) {
        this.#refuse(statement, 'Partials ({{> …}}) are not available. Write their text into the template.')
      } else if (statement.type.startsWith('Decorator')) {
        this.#refuse(statement, 'Decorators ({{* …}}) are not available. Remove it.')
      }
    }
  }

  #readMustache(mustache: hbs.AST.MustacheStatement, scope: Scope): void {
    const { path } = mustache
    const name = sourceName(path)
    const literal = literalName(path)
    if (this.#format === 'html' && !mustache.escaped) {
      this.#refuse(mustache, `This would put customer data into the HTML unescaped. Use two braces: {{${name}}}.`)
    }
    if (mustache.params.length > 0 || mustache.hash !== undefined) {
      this.#refuse(mustache, `There is no helper {{${name} …}}. The helpers are ${helperList}.`)
    } else if (isBlockHelper(name)) {
      this.#refuse(mustache, `{{${name}}} lacks its #. For a variable of that name write {{this.${name}}}.`)
    } else if (isPath(path)) this.#readPath(path, scope)
    else if (literal !== undefined && scope.context === 'variables') this.#use(literal, path)
    else this.#refuse(mustache, `{{${name}}} is not the name of a variable.`)
  }

  #readBlock(block: hbs.AST.BlockStatement, scope: Scope): void {
    const helper = sourceName(block.path)
    if (!isBlockHelper(helper)) {
      this.#refuse(block, `There is no block helper {{#${helper}}}. The helpers are ${helperList}.`)
    } else if (block.params.length !== 1) {
      this.#refuse(block, `{{#${helper}}} takes exactly one value, such as {{#${helper} name}}.`)
    } else this.#readKnownBlock(helper, block, scope)
  }

  #readKnownBlock(helper: BlockHelper, block: hbs.AST.BlockStatement, scope: Scope): void {
    const blockParams = block.program?.blockParams ?? []
    if (blockParams.length > blockHelpers[helper]) {
      this.#refuse(block, `{{#${helper}}} gives ${blockHelpers[helper]} block parameters. Remove the others.`)
    }
    const values = [...block.params, ...(block.hash?.pairs ?? []).map(pair => pair.value)]
    for (const value of values) this.#readValue(value, scope)
    const inner: Scope = { context: 'value', blockParams, parent: scope }
    this.readProgram(block.program, helper === 'with' ? inner : scope)
    this.readProgram(block.inverse, scope)
  }

  #readValue(value: hbs.AST.Expression, scope: Scope): void {
    if (isPath(value)) this.#readPath(value, scope)
    else if (value.type === 'SubExpression') {
      this.#refuse(value, `Helpers in parentheses are not available. The helpers are ${helperList}.`)
    }
  }

  #readPath(path: hbs.AST.PathExpression, from: Scope): void {
    const scope = ancestor(from, path.depth)
    if (path.data) this.#readData(path)
    else if (scope === undefined) {
      this.#refuse(path, `{{${path.original}}} leads out of the template. Remove one "../".`)
    } else if (path.parts.length > 1) this.#refuseNested(path)
    else if (path.parts[0] !== undefined) this.#readName(path.parts[0], path, scope)
    else if (scope.context === 'variables') {
      this.#refuse(path, `{{${path.original}}} is all variables. Name one of them.`)
    }
  }

  #readName(name: string, path: hbs.AST.PathExpression, scope: Scope): void {
    if (path.depth === 0 && !isScoped(path) && isBlockParam(name, scope)) return
    if (scope.context === 'variables') this.#use(name, path)
    else this.#refuse(path, `Inside this block write {{this}} for its value, or {{@root.${name}}} for the variable.`)
  }

  /** `@root.name` is a variable; nothing else with an @ means anything here. */
  #readData(path: hbs.AST.PathExpression): void {
    const [kind = '', name, ...rest] = path.parts
    if (kind === 'root' && rest.length > 0) this.#refuseNested(path)
    else if (kind === 'root' && name !== undefined) this.#use(name, path)
    else
      this.#refuse(
        path,
        `There is no {{${path.original}}}. For a variable write its name, or {{@root.name}} in a block.`,
      )
  }

  #refuseNested(path: hbs.AST.PathExpression): void {
    const column = path.original.replace(/^(?:\.\.\/)*(?:this[./]|@root[./])?/, '')
    this.#refuse(
      path,
      `{{${path.original}}} looks inside a variable, but variables are texts. For a column of that name write {{[${column}]}}.`,
    )
  }

  #use(variable: string, node: hbs.AST.Node): void {
    this.uses.push({ variable, line: node.loc.start.line })
  }

  #refuse(node: hbs.AST.Node, message: string): void {
    this.faults.push({ message, line: node.loc.start.line })
  }
}

function ancestor(scope: Scope, depth: number): Scope | undefined {
  let found: Scope | undefined = scope
  for (let level = 0; level < depth && found !== undefined; level++) found = found.parent
  return found
}

function isBlockParam(name: string, scope: Scope): boolean {
  return scope.blockParams.includes(name) || (scope.parent !== undefined && isBlockParam(name, scope.parent))
}
