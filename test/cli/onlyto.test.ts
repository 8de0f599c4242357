import { describe, expect, test } from 'vitest'
import { api, change, onlyto } from './command-under-test.ts'
import { scriptedTerminal } from './scripted-terminal.ts'

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
