import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { Content, Variant } from '../functions/notice/content.ts'
import { parseLocale } from '../functions/recipient/locale.ts'
import type { NamedVariable } from './audience-fit.ts'
import { readYaml } from './checked-yaml.ts'
import { readLocaleFile } from './locale-file.ts'
import type { NoticeProblem } from './notice-problem.ts'

const address = z.email('is not an e-mail address')
const noticeFileSchema = z.strictObject({
  name: z.string().trim().min(1, 'is empty').max(200, 'is longer than 200 characters'),
  from: z.strictObject({ name: z.string().min(1).optional(), address: address.optional() }).optional(),
  replyTo: address.optional(),
  defaultLocale: z.string(),
  inDoubtPolicy: z.enum(['resend', 'leave'], 'is neither "resend" nor "leave"').optional(),
})

const remedies = {
  name: 'Name the notice as it should show in lists, for example  name: Index change of 23 November.',
  from: "Write  from:  and below it, indented,  name:  and, if it is not the stack's own,  address:.",
  'from.name': 'Write the name that recipients see as the sender.',
  'from.address': 'Write an address that the SES account may send from.',
  replyTo: 'Write the address that answers go to, for example  replyTo: support@example.com.',
  defaultLocale: "Name the locale of recipients who have none of the notice's own, for example  defaultLocale: en.",
  inDoubtPolicy:
    'Write "resend" to send again what SES may or may not have accepted, or "leave" to list it in the report.',
}

/** A notice as POST /notices takes it. */
export type NewNotice = z.infer<typeof noticeFileSchema> & { readonly content: Content }
/** The same, with where its files name variables. */
export type WrittenNotice = NewNotice & { readonly named: readonly NamedVariable[] }
export type NoticeDirectory =
  | { kind: 'notice'; notice: WrittenNotice }
  | { kind: 'problems'; problems: NoticeProblem[] }

/** Reads a notice as people write one: `notice.yaml` and one Markdown file per locale. Reports every problem at once. */
export async function readNoticeDirectory(directory: string): Promise<NoticeDirectory> {
  const names = await listFiles(directory)
  if (!Array.isArray(names)) return { kind: 'problems', problems: [names] }
  const problems: NoticeProblem[] = []
  const variants: Record<string, Variant> = {}
  const named: NamedVariable[] = []
  const localeFiles = names.filter(name => name.endsWith('.md')).sort()
  for (const name of localeFiles) {
    const file = join(directory, name)
    const locale = name.slice(0, -'.md'.length)
    const misnamed = checkLocale(file, locale)
    if (misnamed !== undefined) problems.push(misnamed)
    else {
      const read = readLocaleFile(file, locale, await readFile(file, 'utf8'))
      if (read.kind === 'variant') {
        variants[locale] = read.variant
        named.push(...read.named)
      } else problems.push(...read.problems)
    }
  }
  const file = join(directory, 'notice.yaml')
  const head = names.includes('notice.yaml')
    ? readYaml(await readFile(file, 'utf8'), noticeFileSchema, { file, firstLine: 1, remedies })
    : { kind: 'problems' as const, problems: [missingNoticeFile(file)] }
  if (head.kind === 'problems') return { kind: 'problems', problems: [...head.problems, ...problems] }
  const missing = missingDefault(directory, head.value.defaultLocale, localeFiles)
  if (missing !== undefined) problems.push(missing)
  if (problems.length > 0) return { kind: 'problems', problems }
  const content = { defaultLocale: head.value.defaultLocale, variants }
  return { kind: 'notice', notice: { ...head.value, content, named } }
}

async function listFiles(directory: string): Promise<string[] | NoticeProblem> {
  try {
    return await readdir(directory)
  } catch (error) {
    const isFile = error instanceof Error && 'code' in error && error.code === 'ENOTDIR'
    const what = isFile ? 'This is a file, not a notice directory.' : 'There is no such directory.'
    return { file: directory, what, remedy: 'Name a directory with notice.yaml in it, such as examples/index-change.' }
  }
}

const missingNoticeFile = (file: string): NoticeProblem => ({
  file,
  what: 'The directory has no notice.yaml.',
  remedy: 'Write one with at least  name:  and  defaultLocale:, as in examples/index-change/notice.yaml.',
})

function missingDefault(directory: string, locale: string, localeFiles: readonly string[]): NoticeProblem | undefined {
  const wanted = `${locale}.md`
  if (localeFiles.includes(wanted)) return undefined
  const present = localeFiles.length === 0 ? 'There is no locale file at all.' : `There are ${localeFiles.join(', ')}.`
  return {
    file: join(directory, 'notice.yaml'),
    what: `The default locale is "${locale}", but the directory has no ${wanted}.`,
    remedy: `Write ${wanted}, or name another defaultLocale. ${present}`,
  }
}

/** A locale file is named after the canonical BCP 47 tag of a language that exists: `pt-BR.md`, not `pt_br.md`. */
function checkLocale(file: string, locale: string): NoticeProblem | undefined {
  const parsed = parseLocale(locale)
  if (parsed.kind === 'invalid') {
    const what = `"${locale}" is not the tag of a language.`
    return { file, what, remedy: 'Name the file after its locale, such as en.md or pt-BR.md, or move it elsewhere.' }
  }
  if (parsed.locale === locale) return undefined
  const what = `"${locale}" is not how this locale is written.`
  return { file, what, remedy: `Rename the file to ${parsed.locale}.md.` }
}
