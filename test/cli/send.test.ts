import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { api, audience, change, folder, notice, onlyto, send } from './command-under-test.ts'
import { ready } from './fake-api.ts'
import { scriptedTerminal } from './scripted-terminal.ts'

describe('send', () => {
  test('takes every step in order, watches, and prints the report', async () => {
    const { exitCode, out, err } = await onlyto(send('--yes'))
    expect(exitCode).toBe(0)
    expect(api.calls.filter(call => call.startsWith('P'))).toEqual([
      'POST /notices',
      'POST /notices/n-1/audience',
      'PUT /upload',
      'POST /notices/n-1/preview',
      'POST /notices/n-1/approve',
      'POST /notices/n-1/start',
    ])
    expect(err).toMatch(/5,000 rows: 4,935 recipients, 65 refused\n\s+duplicate +40\n\s+address-without-at +25/)
    expect(err).toContain('http://s3/x')
    expect(err).toContain('  | Subject: Hello Ana\n  |\n  | Dear Ana,')
    expect(err).toContain('  2,000 of 4,935 (40.5 %), 200/s, 15 s left')
    expect(out).toMatch(/accepted +4,935 +100\.0 %/)
    expect(out).toContain('200/s of 200/s granted, utilisation 99.9 %, no throttles')
  })

  test('creates the notice as the API takes it', async () => {
    await onlyto(send('--yes'))
    expect(api.created).toEqual([
      {
        name: expect.any(String),
        from: { name: 'Northgate Exchange' },
        replyTo: 'support@northgate.example',
        inDoubtPolicy: 'resend',
        content: {
          defaultLocale: 'en',
          variants: { en: expect.any(Object), es: expect.any(Object), ja: expect.any(Object) },
        },
      },
    ])
  })

  test('uploads the audience in one request of known length, with the headers it was given', async () => {
    await onlyto(send('--yes'))
    const bytes = 'email,first_name\n'.length + 'ana@shop.example,Ana\n'.length * 10_000
    expect(api.uploads).toEqual([{ bytes, contentLength: String(bytes), contentType: 'text/csv' }])
  })

  test('asks before the start, and starts only when the answer is yes', async () => {
    const yes = await onlyto(send(), scriptedTerminal('y'))
    expect(yes.asked).toEqual(['Start sending to 4,935 recipients? [y/N] '])
    expect(api.calls).toContain('POST /notices/n-1/start')
    api.calls.length = 0
    for (const answer of ['', 'n', 'yess']) {
      const no = await onlyto(send(), scriptedTerminal(answer))
      expect(no.exitCode).toBe(1)
      expect(no.err).toContain(`nothing was sent. To start it later:  npx onlyto start n-1 --api ${api.url}`)
    }
    expect(api.calls).not.toContain('POST /notices/n-1/start')
  })

  test('without a terminal and without --yes it refuses before it creates anything', async () => {
    const { exitCode, err } = await onlyto(send())
    expect(exitCode).toBe(1)
    expect(err).toMatch(/Nothing was sent\.\n.*--yes/)
    expect(api.calls).toEqual([])
  })

  test('with --no-watch it returns once the notice has started, and prints its id alone', async () => {
    const { exitCode, out } = await onlyto(send('--yes', '--no-watch'))
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: 'n-1' })
    expect(api.calls).not.toContain('GET /notices/n-1/status')
  })

  test('a notice directory with problems is refused with all of them, and nothing is created', async () => {
    const broken = await mkdtemp(join(folder, 'notice-'))
    await writeFile(join(broken, 'notice.yaml'), 'name: A\ndefaultLocale: en\nreplyto: x\n')
    await writeFile(join(broken, 'en.md'), 'no subject')
    const { exitCode, err } = await onlyto(['send', broken, '--audience', audience, '--yes'])
    expect(exitCode).toBe(1)
    expect(err).toMatch(/has 2 problems\. Nothing was sent\./)
    expect(err).toMatch(/notice\.yaml:3 .*replyto/)
    expect(err).toMatch(/en\.md:1 /)
    expect(api.calls).toEqual([])
  })

  test('an audience file that is missing, empty or a folder is refused, and nothing is created', async () => {
    const empty = join(folder, 'empty.csv')
    await writeFile(empty, '')
    for (const [file, reason] of [
      [join(folder, 'none.csv'), 'There is no file'],
      [empty, 'is empty'],
      [folder, 'is not a file'],
    ]) {
      const { exitCode, err } = await onlyto(['send', notice, '--audience', file ?? '', '--yes'])
      expect(exitCode).toBe(1)
      expect(err).toContain(reason)
    }
    expect(api.calls).toEqual([])
  })

  test('an audience that the API refuses ends the command before anything is approved', async () => {
    const problem = { code: 'no-email-column', message: 'There is no column "email". Name one.', line: 1 }
    change({ audience: { state: 'refused', audienceId: 'a-1', problem } })
    const { exitCode, err } = await onlyto(send('--yes'))
    expect(exitCode).toBe(1)
    expect(err).toContain(
      'customers.csv was refused as an audience: There is no column "email". Name one.\n  Nothing was sent.',
    )
    expect(api.calls).not.toContain('POST /notices/n-1/approve')
  })

  test('an audience whose every row was refused shows where they are listed', async () => {
    const problem = { code: 'no-recipients', message: 'No row of 2 can be sent to.', line: 2 }
    change({ audience: { state: 'refused', audienceId: 'a-1', problem } })
    const { err } = await onlyto(send('--yes'))
    expect(err).toContain(
      'No row of 2 can be sent to.\n  That file is, for a few minutes, at  http://s3/x\n  Nothing was sent.',
    )
  })

  test('a message that cannot be made ends the command before anything is approved', async () => {
    change({ preview: { kind: 'failed', reason: 'The subject names "x", which the recipient does not have.' } })
    const { exitCode, err } = await onlyto(send('--yes'))
    expect(exitCode).toBe(1)
    expect(err).toContain('names "x"')
    expect(api.calls).not.toContain('POST /notices/n-1/approve')
  })

  test('a message that the leak guard would refuse ends the command before anything is approved', async () => {
    const finding = { rule: 'foreign-address', field: 'Content.Simple.Body.Text', excerpt: '* *.*@*.*' }
    change({ preview: { kind: 'refused', ...finding, means: 'An address stands in it.' } })
    const { exitCode, err } = await onlyto(send('--yes'))
    expect(exitCode).toBe(1)
    expect(err).toContain('would refuse the first recipient')
    expect(err).toContain('Content.Simple.Body.Text, where this stands: * *.*@*.*')
    expect(api.calls).not.toContain('POST /notices/n-1/approve')
  })

  test('a variable that recipients lack is shown where each file names it first, and nothing is approved', async () => {
    const written = await mkdtemp(join(folder, 'notice-'))
    await writeFile(join(written, 'notice.yaml'), 'name: A\ndefaultLocale: en\n')
    await writeFile(
      join(written, 'en.md'),
      '---\nsubject: For {{name}}\n---\n\nDear {{name}},\n\n{{city}} {{nam}}\n\n{{nam}}',
    )
    await writeFile(join(written, 'es.md'), '---\nsubject: Hola\n---\n\nHola {{nombre}}')
    const variables = { name: { present: 4935 }, city: { present: 4934, firstMissingLine: 8 } }
    change({ audience: { ...ready, variables }, variants: ['en'] })
    const { exitCode, err } = await onlyto(['send', written, '--audience', audience, '--yes'])
    expect(exitCode).toBe(1)
    const problems = err.split('\n').filter(line => line.includes(written))
    expect(problems.map(line => line.slice(line.indexOf(written) + written.length))).toEqual([
      '/en.md:7  This names "city", which 1 of 4,935 recipients lack, the first in its line 8.',
      '/en.md:7  This names "nam", which the audience does not have.',
    ])
    expect(err).toContain('The audience has city, name. Correct the name')
    expect(api.calls).not.toContain('POST /notices/n-1/approve')
  })

  test('a refused approval shows each fault with its place and remedy', async () => {
    const errors = [
      { pointer: '/content/variants/en/text', detail: 'Names "x".', remedy: 'Upload an audience that has it.' },
    ]
    const problem = { title: 'No', detail: 'The audience lacks variables.', errors }
    change({ refuse: { 'POST /notices/n-1/approve': { status: 409, problem } }, audience: { ...ready } })
    const { exitCode, err } = await onlyto(send('--yes'))
    expect(exitCode).toBe(1)
    expect(err).toContain('The audience lacks variables. (POST /notices/n-1/approve: HTTP 409)')
    expect(err).toContain('/content/variants/en/text: Names "x".\n    Upload an audience that has it.')
    expect(api.calls).not.toContain('POST /notices/n-1/start')
  })
})
