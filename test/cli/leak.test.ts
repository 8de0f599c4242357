import { describe, expect, test } from 'vitest'
import { api, change, onlyto } from './command-under-test.ts'
import { acceptedDelivery, fakeRecipients } from './fake-audience.ts'
import { scriptedTerminal } from './scripted-terminal.ts'

const finding = { rule: 'foreign-address', field: 'Content.Simple.Body.Text', excerpt: '* *: *.*@*.*' }
const means = 'An address stands in it that is neither the recipient’s own nor written in the approved notice.'
const leak = { ...finding, means, at: '2026-11-20T12:04:03.120Z', run: 1, batch: 12, recipientKey: 'key' }
const rejections = [{ rule: finding.rule, field: finding.field, means, recipients: 3 }]
const cause = 'The footer named a former support address; it was mended'

/** The notice as it is after three of its messages were refused. */
const refused = () =>
  change({
    standings: [{ state: 'stopped', accepted: 935 }],
    pace: { leak },
    reported: { leak, leakGuard: rejections, rejected: 3 },
  })
const unconfirmed = (action: string, extra: object = { leak }) =>
  change({
    refuse: {
      [`POST /notices/n-1/${action}`]: {
        status: 409,
        problem: { type: 'urn:onlyto:problem:leak-not-confirmed', title: 'No', detail: 'No', ...extra, rejections },
      },
    },
  })

describe('After a refusal by the leak guard', () => {
  test.each(['status', 'report'])('%s says what was refused, in which field, and what that means', async command => {
    refused()
    const { out } = await onlyto([command, 'n-1'])
    expect(out).toContain('Leak guard')
    expect(out).toContain('nothing of it left')
    expect(out).toContain(`Rule foreign-address: ${means}`)
    expect(out).toContain('In Content.Simple.Body.Text, at  * *: *.*@*.*')
  })

  test('report lists how many were refused by which rule, and how they are sent to once the cause is mended', async () => {
    refused()
    change({ standings: [{ state: 'finished', accepted: 4932 }] })
    const { out, err } = await onlyto(['report', 'n-1'])
    expect(out).toContain('3 messages, none of which left:')
    expect(out).toContain(`3  foreign-address in Content.Simple.Body.Text: ${means}`)
    expect(err).toContain('onlyto retry n-1 --rejected --after-leak "CAUSE"')
  })

  test('notices names it in the list', async () => {
    refused()
    expect((await onlyto(['notices'])).out).toContain('A notice  (the leak guard refused a message)')
  })

  test.each([
    ['watch', 'n-1'],
    ['stop', 'n-1'],
  ])('%s %s ends with how to find the cause, and the command that goes on then', async (...command) => {
    refused()
    const { out, err } = await onlyto(command)
    expect(out + err).toContain(`npx onlyto who n-1 --fate rejected --api ${api.url}`)
    expect(out + err).toContain(`npx onlyto resume n-1 --after-leak "CAUSE" --api ${api.url}`)
  })

  test('resume where nobody can be asked fails with what was refused and the exact command to type', async () => {
    refused()
    unconfirmed('resume')
    const { exitCode, err } = await onlyto(['resume', 'n-1', '--share', '0.5'])
    expect(exitCode).toBe(1)
    expect(err).toContain('The leak guard refused messages of this notice')
    expect(err).toContain(`Rule foreign-address: ${means}`)
    expect(err).toMatch(/Refused +3 messages/)
    expect(err).toContain(`npx onlyto resume n-1 --share 0.5 --after-leak "CAUSE" --api ${api.url}`)
    expect(err).not.toContain('afterLeak')
  })

  test('resume passes on what is said of it, beside the pace', async () => {
    refused()
    const { exitCode, out } = await onlyto(['resume', 'n-1', '--urgent', '--after-leak', cause])
    expect({ exitCode, paces: api.paces }).toEqual({ exitCode: 0, paces: [{ urgent: true, afterLeak: cause }] })
    expect(out).toContain('4,000 recipients left')
  })

  test('resume shows the refusal to whoever is there, and asks for the cause', async () => {
    refused()
    const { exitCode, err, asked } = await onlyto(['resume', 'n-1'], scriptedTerminal(cause))
    expect(exitCode).toBe(0)
    expect(err).toContain(`Rule foreign-address: ${means}`)
    expect(err).toMatch(/Refused +3 messages/)
    expect(asked).toHaveLength(1)
    expect(api.paces).toEqual([{ afterLeak: cause }])
  })

  test.each([['resume'], ['retry', '--rejected']])('%s without an answer sends nothing', async (action, ...options) => {
    refused()
    const { exitCode, err } = await onlyto([action, 'n-1', ...options], scriptedTerminal(''))
    expect(exitCode).toBe(1)
    expect(err).toContain('Nothing was sent.')
    expect(api.paces).toEqual([])
  })

  test('retry sends to those rejected only when it is told to, with the cause', async () => {
    await onlyto(['retry', 'n-1'])
    await onlyto(['retry', 'n-1', '--rejected', '--after-leak', cause])
    expect(api.paces).toEqual([{}, { rejected: true, afterLeak: cause }])
  })

  test('retry of those rejected without the cause is told the exact command to type', async () => {
    refused()
    unconfirmed('retry', {})
    const { err } = await onlyto(['retry', 'n-1', '--rejected'])
    expect(err).toContain(`npx onlyto retry n-1 --rejected --after-leak "CAUSE" --api ${api.url}`)
  })

  test('nobody is asked where nothing was refused', async () => {
    change({ standings: [{ state: 'stopped', accepted: 935 }] })
    const { asked } = await onlyto(['resume', 'n-1'], scriptedTerminal('should not be needed'))
    expect({ asked, paces: api.paces }).toEqual({ asked: [], paces: [{}] })
  })

  test('who shows beside each recipient the rule, the field and what stands there', async () => {
    const reason = 'foreign-address in Content.Simple.Body.Text: * *: *.*@*.*'
    change({ listed: fakeRecipients(3, [acceptedDelivery(1, { fate: 'rejected', reason, messageIds: [] })]) })
    const { out } = await onlyto(['who', 'n-1', '--fate', 'rejected'])
    expect(out).toContain(reason)
  })
})

describe('history', () => {
  const by = 'arn:aws:iam::111122223333:user/ada'
  const entries = [
    { at: '2026-11-20T12:00:00.000Z', action: 'create', by, run: 0 },
    { at: '2026-11-20T12:04:00.000Z', action: 'start', by, run: 1 },
    { at: '2026-11-20T12:04:03.120Z', action: 'stop', run: 1, finding },
    { at: '2026-11-20T12:30:00.000Z', action: 'resume', by, run: 2, finding, reason: cause },
    { at: '2026-11-20T12:31:00.000Z', action: 'stop-all', by, run: 2 },
  ]

  test('is a line an entry: when, what, under which run, by whom; and why', async () => {
    change({ history: { entries, leftOut: 0 } })
    const { out } = await onlyto(['history', 'n-1'])
    expect(out.split('\n')).toEqual([
      `2026-11-20 12:00:00.000 UTC  created                      ${by}`,
      `2026-11-20 12:04:00.000 UTC  started               run 1  ${by}`,
      '2026-11-20 12:04:03.120 UTC  stopped               run 1  OnlyTo',
      '                             the leak guard refused: foreign-address in Content.Simple.Body.Text  * *: *.*@*.*',
      `2026-11-20 12:30:00.000 UTC  resumed               run 2  ${by}`,
      '                             the leak guard refused: foreign-address in Content.Simple.Body.Text  * *: *.*@*.*',
      `                             ${cause}`,
      `2026-11-20 12:31:00.000 UTC  stopped, as all were  run 2  ${by}`,
    ])
  })

  test('says where entries were not kept', async () => {
    const many = Array.from({ length: 12 }, (_, run) => ({ ...entries[1], run }))
    change({ history: { entries: many, leftOut: 1_234 } })
    const lines = (await onlyto(['history', 'n-1'])).out.split('\n')
    expect(lines[10]).toBe('  … 1,234 entries not kept …')
    expect(lines).toHaveLength(13)
  })
})
