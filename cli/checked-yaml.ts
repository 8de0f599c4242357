import { isNode, LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod'
import type { NoticeProblem } from './notice-problem.ts'

export type CheckedYaml<T> = { kind: 'value'; value: T } | { kind: 'problems'; problems: NoticeProblem[] }

/** Where a piece of YAML stands, and which keys it knows. */
export interface YamlPlace {
  readonly file: string
  /** Line of the file on which the YAML begins. */
  readonly firstLine: number
  readonly remedies: Readonly<Record<string, string>>
}

/** Reads YAML and checks it against a schema. Every problem is reported with its line, all at once. */
export function readYaml<Schema extends z.ZodType>(
  source: string,
  schema: Schema,
  { file, firstLine, remedies }: YamlPlace,
): CheckedYaml<z.output<Schema>> {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const lineAt = (offset: number) => firstLine + lines.linePos(offset).line - 1
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => ({
      file,
      line: lineAt(pos[0]),
      what: `This is not valid YAML: ${message.replace(/\.$/, '')}.`,
      remedy: 'Write one "key: value" to a line, and put quotes around a value that holds ": " or begins with a brace.',
    }))
    return { kind: 'problems', problems }
  }
  const parsed = schema.safeParse(document.toJS() ?? {})
  if (parsed.success) return { kind: 'value', value: parsed.data }
  const lineOf = (path: readonly PropertyKey[]): number => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true)
    if (isNode(node) && node.range) return lineAt(node.range[0])
    return path.length === 0 ? firstLine : lineOf(path.slice(0, -1))
  }
  const problems = parsed.error.issues.flatMap(issue => problemsOfIssue(issue, { file, lineOf, remedies }))
  return { kind: 'problems', problems }
}

interface IssuePlace {
  readonly file: string
  readonly lineOf: (path: readonly PropertyKey[]) => number
  readonly remedies: Readonly<Record<string, string>>
}

function problemsOfIssue(issue: z.core.$ZodIssue, { file, lineOf, remedies }: IssuePlace): NoticeProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(remedies).join(', ')
    return issue.keys.map(key => ({
      file,
      line: lineOf([...issue.path, key]),
      what: `There is no key "${[...issue.path, key].join('.')}".`,
      remedy: `Remove it, or correct its name. The keys are ${known}.`,
    }))
  }
  const name = issue.path.join('.')
  const remedy = remedies[name] ?? 'Correct it.'
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined
  const what = isMissing ? `"${name}" is missing.` : `${name === '' ? 'This' : `"${name}"`}: ${issue.message}.`
  return [{ file, line: lineOf(issue.path), what, remedy }]
}
