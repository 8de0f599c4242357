import * as z from 'zod'
import type { Variant } from '../functions/notice/content.ts'
import { readTemplate } from '../functions/rendering/template-reader.ts'
import type { NamedVariable } from './audience-fit.ts'
import { readYaml } from './checked-yaml.ts'
import { writeBodies } from './message-bodies.ts'
import type { NoticeProblem } from './notice-problem.ts'

export type LocaleFile =
  | { kind: 'variant'; variant: Variant; named: NamedVariable[] }
  | { kind: 'problems'; problems: NoticeProblem[] }

const frontMatterSchema = z.strictObject({ subject: z.string().trim().min(1, 'is empty').max(500) })
const remedies = { subject: 'Write the subject line, for example  subject: "Changes to our index".' }
const frontMatter = /^---[ \t]*\r?\n(?<yaml>[\s\S]*?)(?:^|\r?\n)---[ \t]*(?:\r?\n|$)(?<body>[\s\S]*)$/

/** Reads one locale of a notice: the subject in YAML front matter, then the body in Markdown. */
export function readLocaleFile(file: string, locale: string, content: string): LocaleFile {
  const source = content.replace(/^\uFEFF/, '')
  const groups = frontMatter.exec(source)?.groups
  if (groups === undefined) {
    const what = 'The file does not begin with its subject between two lines of "---".'
    const remedy = 'Begin it with three lines:  ---  /  subject: Your subject line  /  ---  and write the body below.'
    return { kind: 'problems', problems: [{ file, line: 1, what, remedy }] }
  }
  const { yaml = '', body = '' } = groups
  const head = readYaml(yaml, frontMatterSchema, { file, firstLine: 2, remedies })
  const bodyLine = lineCount(source.slice(0, source.length - body.length))
  const subject = head.kind === 'value' ? head.value.subject : ''
  const problems = [
    ...(head.kind === 'problems' ? head.problems : []),
    ...templateProblems(file, subjectLine(yaml), subject, 'plain'),
    ...bodyProblems(file, bodyLine, body),
  ]
  if (problems.length > 0) return { kind: 'problems', problems }
  const named = [
    ...readTemplate(subject, 'plain').uses.map(({ variable }) => ({ variable, line: subjectLine(yaml) })),
    ...readTemplate(body, 'html').uses.map(({ variable, line }) => ({ variable, line: bodyLine + line - 1 })),
  ].map(use => ({ ...use, locale, file }))
  return { kind: 'variant', variant: writeBodies(locale, subject, body), named }
}

function bodyProblems(file: string, firstLine: number, body: string): NoticeProblem[] {
  if (body.trim() === '') {
    return [{ file, line: firstLine, what: 'The body is empty.', remedy: 'Write the message below the second "---".' }]
  }
  return templateProblems(file, firstLine, body, 'html')
}

function templateProblems(
  file: string,
  firstLine: number,
  template: string,
  format: 'html' | 'plain',
): NoticeProblem[] {
  return readTemplate(template, format).faults.map(({ message, line }) => {
    const { what, remedy } = splitRemedy(message)
    return { file, line: firstLine + (line ?? 1) - 1, what, remedy }
  })
}

/** The template checks say what is wrong in their first sentence and what to do in the others. */
function splitRemedy(message: string): { what: string; remedy: string } {
  const [what = message, remedy = 'Correct the expression.'] = message.split(/(?<=\.) (?=[A-Z])/, 2)
  return { what, remedy }
}

function subjectLine(yaml: string): number {
  return (
    2 +
    Math.max(
      0,
      yaml.split('\n').findIndex(line => line.startsWith('subject')),
    )
  )
}

function lineCount(text: string): number {
  return text.split('\n').length
}
