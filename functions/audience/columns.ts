import { COLUMNS_MAX, type FileProblem, fileProblems } from './file-problem.ts'

/** Where a row's parts stand. `variables` and `names` are parallel. */
export interface Columns {
  readonly kind: 'columns'
  readonly count: number
  readonly header: readonly string[]
  readonly email: number
  /** -1 when there is no such column. */
  readonly locale: number
  readonly variables: readonly number[]
  readonly names: readonly string[]
}

/** Names that templates give a meaning of their own, so that a variable of that name would not be found. */
const RESERVED = new Set(
  'this true false null undefined else as if unless each with lookup log blockHelperMissing helperMissing'
    .concat(' __proto__ constructor prototype hasOwnProperty toString valueOf __defineGetter__ __defineSetter__')
    .concat(' __lookupGetter__ __lookupSetter__')
    .split(' '),
)

/** Handlebars identifiers of at most 64 characters. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) && !RESERVED.has(name)
}

/** What a column or key of this name holds: `email` and `locale` in any case, else a variable. */
export function roleOfName(name: string): 'email' | 'locale' | 'variable' {
  const lowered = name.toLowerCase()
  return lowered === 'email' || lowered === 'locale' ? lowered : 'variable'
}

/** Reads the header of a CSV file. Whatever is wrong with it is wrong with the whole file. */
export function readColumns(cells: readonly string[], line: number): Columns | FileProblem {
  const header = cells.map(cell => cell.trim())
  const roles = header.map(roleOfName)
  const email = roles.indexOf('email')
  const fault = email === -1 ? missingEmail(header, line) : faultOfHeader(header, line)
  if (fault !== undefined) return fault
  const variables = header.flatMap((_, index) => (roles[index] === 'variable' ? [index] : []))
  const names = variables.map(index => header[index] ?? '')
  return { kind: 'columns', count: header.length, header, email, locale: roles.indexOf('locale'), variables, names }
}

function missingEmail(header: readonly string[], line: number): FileProblem {
  if (header.some(name => name.includes('@'))) return fileProblems.missingHeader(line)
  return fileProblems.missingEmailColumn(line, header, header.find(isLikeEmail))
}

/** `E-Mail`, `email_address`, `Mail` and the like. */
const isLikeEmail = (name: string) =>
  /^(?:customer|user|contact|primary|work)?e?mails?(?:addr|address|adresse|id)?$/.test(
    name.toLowerCase().replace(/[^a-z]/g, ''),
  )

function faultOfHeader(header: readonly string[], line: number): FileProblem | undefined {
  if (header.length > COLUMNS_MAX) return fileProblems.tooManyColumns(line)
  const seen = new Set<string>()
  for (const [index, name] of header.entries()) {
    if (name === '') return fileProblems.columnWithoutName(line, index + 1)
    const role = roleOfName(name)
    const identity = role === 'variable' ? name : role
    if (seen.has(identity)) return fileProblems.duplicateColumn(line, name)
    seen.add(identity)
    if (role === 'variable' && !isVariableName(name)) return fileProblems.columnName(line, name)
  }
  return undefined
}

/** The separator that the header uses most outside quotes; a comma when it uses none. */
export function detectSeparator(headerLine: string): string {
  const unquoted = headerLine.replace(/"[^"]*"/g, '')
  const counts = [',', ';', '\t'].map(separator => ({ separator, count: unquoted.split(separator).length }))
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).separator
}
