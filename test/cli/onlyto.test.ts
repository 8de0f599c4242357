import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runOnlyto } from '../../cli/program.ts'
import { type FakeApi, type FakeBehaviour, ready, startFakeApi } from './fake-api.ts'
import { type ScriptedTerminal, scriptedTerminal } from './scripted-terminal.ts'

const notice = 'examples/index-change'
let folder: string
let audience: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onlyto-cli-'))
  audience = join(folder, 'customers.csv')
  await writeFile(audience, `email,first_name\n${'ana@shop.example,Ana\n'.repeat(10_000)}`)
})
afterAll(() => rm(folder, { recursive: true }))

let api: FakeApi
beforeEach(async () => {
  api = await startFakeApi()
})
afterEach(() => api[Symbol.asyncDispose]())

async function onlyto(args: readonly string[], terminal: ScriptedTerminal = scriptedTerminal()) {
  const clock = { now: () => 0, sleep: () => Promise.resolve() }
  const surroundings = { terminal, clock, environment: { ONLYTO_API: api.url }, pollIntervalMs: 1 }
  const exitCode = await runOnlyto(args, surroundings)
  return { exitCode, out: terminal.printed.join('\n'), err: terminal.noted.join('\n'), asked: terminal.asked }
}

const change = (changes: Partial<FakeBehaviour>) => Object.assign(api.behaviour, changes)
const send = (...more: string[]) => ['send', notice, '--audience', audience, ...more]

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

describe('watch', () => {
  test('ends with 1 and the way to go on when the notice was stopped', async () => {
    change({
      standings: [
        { state: 'sending', accepted: 5 },
        { state: 'stopped', accepted: 10 },
      ],
    })
    const { exitCode, out, err } = await onlyto(['watch', 'n-1'])
    expect(exitCode).toBe(1)
    expect(out).toContain('n-1, stopped (by ops)')
    expect(err).toContain('onlyto resume n-1')
  })

  test('goes on when an answer fails for a reason that passes', async () => {
    change({ refuse: { 'GET /notices/n-1/status': { status: 500, problem: {}, times: 3 } } })
    expect((await onlyto(['watch', 'n-1'])).exitCode).toBe(0)
  })

  test('Ctrl-C ends the watching, not the notice', async () => {
    change({ standings: [{ state: 'sending', accepted: 5 }] })
    const terminal = scriptedTerminal()
    const watching = onlyto(['watch', 'n-1'], terminal)
    terminal.interrupt()
    const { exitCode, err } = await watching
    expect(exitCode).toBe(130)
    expect(err).toContain(`To stop it:    npx onlyto stop n-1 --api ${api.url}`)
    expect(api.calls).not.toContain('POST /notices/n-1/stop')
  })
})

describe('stop', () => {
  test.each([
    [['stop', 'n-1'], 'POST /notices/n-1/stop'],
    [['stop', '--all'], 'POST /stop'],
  ])('%j asks again when the call fails for a reason that passes', async (command, call) => {
    change({ refuse: { [call]: { status: 503, problem: {}, times: 2 } } })
    expect((await onlyto(command)).exitCode).toBe(0)
    expect(api.calls.filter(made => made === call)).toHaveLength(3)
  })

  test('gives up, and says so, when it never passes', async () => {
    change({ refuse: { 'POST /notices/n-1/stop': { status: 503, problem: {} } } })
    const { exitCode, err } = await onlyto(['stop', 'n-1'])
    expect(exitCode).toBe(1)
    expect(err).toContain('HTTP 503')
  })
})

describe('the other commands', () => {
  test('status, stop, resume, start and notices say where things stand and what comes next', async () => {
    change({ standings: [{ state: 'sending', accepted: 935 }] })
    expect((await onlyto(['status', 'n-1'])).out).toMatch(/accepted +935[\s\S]*pending +4,000[\s\S]*20 of 50 done/)
    expect((await onlyto(['stop', 'n-1'])).out).toContain('4,000 recipients left')
    expect((await onlyto(['retry', 'n-1'])).out).toContain('Sending again to 12 recipients.')
    expect((await onlyto(['resume', 'n-1'])).out).toContain('onlyto watch n-1')
    expect((await onlyto(['start', 'n-1'])).out).toContain('onlyto watch n-1')
    expect((await onlyto(['notices'])).out).toBe('n-1  2026-11-20 10:00  draft     A notice')
    expect(api.calls.filter(call => call.startsWith('POST'))).toEqual([
      'POST /notices/n-1/stop',
      'POST /notices/n-1/retry',
      'POST /notices/n-1/resume',
      'POST /notices/n-1/start',
    ])
  })

  test('stop says at once that it holds, and what went out around it when every sender has told', async () => {
    const stop = { at: '2026-11-20T10:00:00.000Z', inFlight: 12, after: 9, lastCallAfterMs: 412.4 }
    change({
      standings: [600, 900, 989].map(accepted => ({ state: 'stopped', accepted })),
      stops: [2, 1, 0].map(batchesUnreported => ({ ...stop, batchesUnreported })),
    })
    const { out, err } = await onlyto(['stop', 'n-1'])
    expect(api.calls.filter(call => call.endsWith('report'))).toHaveLength(3)
    expect(err).toBe('Stopped: no message goes to SES later than a second from now, and at most 120 until then.')
    expect(out).toBe(
      'At the stop 12 messages were in flight; 9 more went out, the last 0.41 s after it.\n' +
        `3,946 recipients left. To send to them:  npx onlyto resume n-1 --api ${api.url}`,
    )
  })

  test('stop does not wait for ever for a sender that does not tell', async () => {
    const stop = { at: '', inFlight: 1, after: 0, batchesUnreported: 1 }
    change({ standings: [{ state: 'stopped', accepted: 9 }], stops: [stop] })
    const { out } = await onlyto(['stop', 'n-1'])
    expect(out).toContain(
      'At the stop 1 message was in flight; none went out after it. 1 batch has not been told of yet.',
    )
    expect(out).toContain('4,926 recipients left.')
  })

  test('stop --all stops every notice, and names each with the way to go on', async () => {
    const { out, err } = await onlyto(['stop', '--all'])
    expect(err).toContain('Stopped 2 notices: no message goes to SES later than a second from now, and at most 240')
    expect(out.split('\n')).toEqual(
      ['n-1', 'n-2'].map(id => `${id}  to send the rest:  npx onlyto resume ${id} --api ${api.url}`),
    )
    change({ stoppedNotices: [] })
    expect((await onlyto(['stop', '--all'])).out).toBe('No notice was being sent.')
  })

  test('report says how many bounced, complained, can be tried again, or may have got it twice', async () => {
    change({ standings: [{ state: 'finished', accepted: 4923 }] })
    const { out, err } = await onlyto(['report', 'n-1'])
    expect(out).toMatch(/bounced +7\n *complained +1\n *retryable +12\n *sent again +2/)
    expect(err).toContain('Who did not get it:  npx onlyto who n-1 --not accepted')
    expect(err).toContain('To send again to 12 recipients:  npx onlyto retry n-1')
  })

  test('resume says how many were left when it resumed', async () => {
    change({
      standings: [
        { state: 'stopped', accepted: 989 },
        { state: 'sending', accepted: 600 },
      ],
    })
    expect((await onlyto(['resume', 'n-1'])).out).toContain('Resumed, with 3,946 recipients left.')
  })

  test('report says that the time of a resumed notice includes its stops', async () => {
    expect((await onlyto(['report', 'n-1'])).out).not.toContain('pauses included')
    change({ run: 2 })
    expect((await onlyto(['report', 'n-1'])).out).toContain('25 s later, pauses included')
  })

  test('report --json prints one JSON object', async () => {
    change({ standings: [{ state: 'finished', accepted: 4935 }] })
    const { out } = await onlyto(['report', 'n-1', '--json'])
    expect(JSON.parse(out)).toMatchObject({ planned: 4935, accepted: 4935, pending: 0, utilisation: 0.999 })
  })
})

describe('errors', () => {
  test.each([
    [['sned']],
    [['send', 'x']],
    [['status']],
    [['report', 'n-1', '--xml']],
    [['stop']],
    [['stop', 'n-1', '--all']],
    [['who', 'n-1', '--fate', 'sent']],
    [['who', 'n-1', '--bounced', '--complained']],
    [['who', 'n-1', '--address', 'a@b.test', '--csv']],
    [['export', 'n-1']],
  ])('%j is not understood: 2', async args => {
    const { exitCode, err } = await onlyto(args)
    expect(exitCode).toBe(2)
    expect(err).toContain('onlyto --help')
  })

  test('--help explains and is no error', async () => {
    const { exitCode, out } = await onlyto(['--help'])
    expect(exitCode).toBe(0)
    expect(out).toContain('send [options] <notice-dir>')
  })

  test('an API that is not there: how to start it', async () => {
    const { exitCode, err } = await onlyto(['--api', 'http://127.0.0.1:1', 'status', 'n-1'])
    expect(exitCode).toBe(1)
    expect(err).toMatch(/No OnlyTo answers at http:\/\/127\.0\.0\.1:1 .*\n.*npm start/)
  })

  test('something else at the address: says so', async () => {
    change({ refuse: { 'GET /notices/n-1/status': { status: 200, problem: '<html>' } } })
    const { exitCode, err } = await onlyto(['status', 'n-1'])
    expect(exitCode).toBe(1)
    expect(err).toContain("was not answered as OnlyTo's API would")
  })

  test.each(['message', 'Message'])('what API Gateway answers itself is shown, whether as "%s"', async name => {
    const problem = { [name]: 'User is not authorized' }
    change({ refuse: { 'GET /notices/n-1/status': { status: 403, problem } } })
    const { exitCode, err } = await onlyto(['status', 'n-1'])
    expect(exitCode).toBe(1)
    expect(err).toMatch(/^The API refused: User is not authorized \(GET .*HTTP 403\)\n.*credentials/)
  })

  test('an address that is none', async () => {
    expect((await onlyto(['--api', 'localhost:4680', 'status', 'n-1'])).err).toContain('is not the address of an API')
  })
})
