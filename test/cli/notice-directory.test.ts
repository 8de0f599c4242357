import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readNoticeDirectory } from '../../cli/notice-directory.ts'
import { describeProblem } from '../../cli/notice-problem.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'onlyto-notice-'))
})
afterEach(() => rm(directory, { recursive: true }))

const sound = {
  'notice.yaml': 'name: A notice\ndefaultLocale: en\n',
  'en.md': '---\nsubject: Hello {{first_name}}\n---\n\nDear {{first_name}}.\n',
}

async function read(files: Record<string, string>) {
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content)
  return readNoticeDirectory(directory)
}

async function problemsOf(files: Record<string, string>): Promise<string[]> {
  const result = await read(files)
  if (result.kind !== 'problems') return []
  return result.problems.map(problem => describeProblem({ ...problem, file: problem.file.slice(directory.length + 1) }))
}

describe('a sound directory', () => {
  test('becomes a notice with one variant per locale file', async () => {
    const head = 'name: A notice\nfrom: { name: Sender, address: a@example.com }\nreplyTo: b@example.com\n'
    const result = await read({
      ...sound,
      'notice.yaml': `${head}defaultLocale: en\ninDoubtPolicy: leave\n`,
      'ja.md': '\uFEFF---\r\nsubject: "件名"\r\n---\r\n本文\r\n',
    })
    expect(result).toMatchObject({
      kind: 'notice',
      notice: {
        name: 'A notice',
        from: { name: 'Sender', address: 'a@example.com' },
        replyTo: 'b@example.com',
        inDoubtPolicy: 'leave',
        content: {
          defaultLocale: 'en',
          variants: { en: { subject: 'Hello {{first_name}}' }, ja: { subject: '件名', text: '本文\n' } },
        },
      },
    })
  })

  test('the example is one', async () => {
    const example = await readNoticeDirectory('examples/index-change')
    expect(example.kind === 'notice' && Object.keys(example.notice.content.variants)).toEqual(['en', 'es', 'ja'])
  })
})

describe('a problem names the file, the line and the remedy', () => {
  test('a key that notice.yaml does not have', async () => {
    const [problem] = await problemsOf({
      ...sound,
      'notice.yaml': 'name: A notice\ndefaultLocale: en\nreplyto: a@b.example\n',
    })
    expect(problem).toMatch(/^notice.yaml:3 {2}There is no key "replyto"\.\n.*replyTo/)
  })

  test('a key inside "from" that there is not', async () => {
    const [problem] = await problemsOf({ ...sound, 'notice.yaml': 'name: A\ndefaultLocale: en\nfrom:\n  nam: X\n' })
    expect(problem).toMatch(/^notice.yaml:4 {2}There is no key "from\.nam"/)
  })

  test.each([
    ['name: A notice\n', /^notice.yaml:1 {2}"defaultLocale" is missing\.\n.*defaultLocale: en/],
    ['defaultLocale: en\n', /^notice.yaml:1 {2}"name" is missing\./],
    ['name: A\ndefaultLocale: en\nreplyTo: nobody\n', /^notice.yaml:3 {2}"replyTo": is not an e-mail address\./],
    ['name: A\ndefaultLocale: en\ninDoubtPolicy: ask\n', /^notice.yaml:3 {2}"inDoubtPolicy": is neither/],
    ['name: "A\ndefaultLocale: en\n', /^notice.yaml:\d {2}This is not valid YAML/],
    ['', /^notice.yaml:1 {2}"name" is missing/],
    ['- name\n', /^notice.yaml:1 {2}/],
  ])('in notice.yaml: %j', async (yaml, expected) => {
    expect((await problemsOf({ ...sound, 'notice.yaml': yaml }))[0]).toMatch(expected)
  })

  test.each([
    ['Just a body.\n', /^en.md:1 {2}The file does not begin with its subject/],
    ['---\ntitle: x\n---\nBody\n', /^en.md:2 {2}"subject" is missing\.\n.*subject:/],
    ['---\nsubject: ""\n---\nBody\n', /^en.md:2 {2}"subject": is empty/],
    ['---\nsubject: Hello\n---\n\n \n', /^en.md:4 {2}The body is empty\./],
    ['---\nsubject: {{first_name}}\n---\nBody\n', /^en.md:2 {2}/],
    ['---\nsubject: "Hi {{name"\n---\nBody\n', /^en.md:2 {2}Not a valid Handlebars template/],
    ['---\nsubject: Hi\n---\n\nDear\n{{#if vip}}\nno end\n', /^en.md:\d+ {2}Not a valid Handlebars template/],
    ['---\nsubject: Hi\n---\n\nDear\n{{> footer}}\n', /^en.md:6 {2}Partials/],
    ['---\nsubject: Hi\n---\n\nDear {{{name}}}\n', /^en.md:5 {2}.*\n.*Use two braces|^en.md:5 {2}/],
  ])('in en.md: %j', async (markdown, expected) => {
    expect((await problemsOf({ ...sound, 'en.md': markdown }))[0]).toMatch(expected)
  })

  test.each([
    ['en_US.md', /^en_US.md {2}"en_US" is not how this locale is written\.\n.*en-US\.md/],
    ['EN-us.md', /^EN-us.md {2}.*\n.*en-US\.md/],
    ['README.md', /^README.md {2}"README" is not the tag of a language\./],
    ['xx.md', /^xx.md {2}"xx" is not the tag of a language\./],
  ])('a locale file named %s', async (name, expected) => {
    expect((await problemsOf({ ...sound, [name]: sound['en.md'] }))[0]).toMatch(expected)
  })

  test('a default locale without a file', async () => {
    const [problem] = await problemsOf({ ...sound, 'notice.yaml': 'name: A\ndefaultLocale: es\n' })
    expect(problem).toMatch(
      /^notice.yaml {2}The default locale is "es", but the directory has no es\.md\.\n.*There are en\.md/,
    )
  })

  test('a directory without notice.yaml, or that is not there, or is a file', async () => {
    expect(await problemsOf({ 'en.md': sound['en.md'] })).toEqual([
      expect.stringMatching(/^notice.yaml {2}The directory has no/),
    ])
    expect(await readNoticeDirectory(join(directory, 'nowhere'))).toMatchObject({
      problems: [{ what: 'There is no such directory.' }],
    })
    expect(await readNoticeDirectory(join(directory, 'en.md'))).toMatchObject({
      problems: [{ what: 'This is a file, not a notice directory.' }],
    })
  })

  test('all problems of all files are reported at once', async () => {
    const problems = await problemsOf({
      'notice.yaml': 'nam: A\ndefaultLocale: en\n',
      'en.md': '---\nsubject: Hi\n---\n',
      'es.md': 'Hola',
      'zz.md': '',
    })
    expect(problems.map(problem => problem.split('  ')[0])).toEqual([
      'notice.yaml:1',
      'notice.yaml:1',
      'en.md:4',
      'es.md:1',
      'zz.md',
    ])
  })
})
