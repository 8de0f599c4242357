import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import type { DeliveryAnswer } from '../../cli/delivery-answers.ts'
import { api, folder, onlyto } from './command-under-test.ts'
import { acceptedDelivery, customer, fakeRecipients } from './fake-audience.ts'
import { scriptedTerminal } from './scripted-terminal.ts'

function list(recipients: number, deliveries: readonly DeliveryAnswer[], perPage?: number) {
  api.behaviour.listed = fakeRecipients(recipients, deliveries, perPage)
  return api.behaviour.listed
}

const everybody = (count: number) => Array.from({ length: count }, (_, i) => acceptedDelivery(i))
const failed = (i: number) => acceptedDelivery(i, { fate: 'failed', reason: 'a bad address', messageIds: [] })

describe('who', () => {
  test('names everybody that the pages hold, in the order of the audience, and counts them beside the list', async () => {
    list(1_234, everybody(1_234), 300)
    const { exitCode, out, err } = await onlyto(['who', 'n-1'])
    expect(exitCode).toBe(0)
    expect(out.split('\n').map(line => line.split(' ')[0])).toEqual(everybody(1_234).map((_, i) => customer(i).address))
    expect(err).toBe('1,234 recipients.')
  })

  test('shows fate, time, and what more there is to say', async () => {
    list(300, [
      failed(3),
      acceptedDelivery(4, { reached: 'bounced', detail: 'Transient/MailboxFull', sentAgain: true }),
      { recipientKey: customer(250).key, batch: 2, fate: 'pending', attempts: 0, sentAgain: false, messageIds: [] },
    ])
    const { out, err } = await onlyto(['who', 'n-1', '--not', 'accepted'])
    expect(out.split('\n').map(line => line.split(/ {2,}/))).toEqual([
      ['c3@customers.test', 'failed', '2026-11-20 12:00:00 UTC', 'a bad address'],
      ['c4@customers.test', 'accepted', '2026-11-20 12:00:00 UTC', 'bounced: Transient/MailboxFull; sent again'],
      ['c250@customers.test', 'pending'],
    ])
    expect(err).toBe('3 recipients.')
  })

  test.each<[readonly string[], object]>([
    [[], {}],
    [['--not', 'accepted'], { not: 'accepted' }],
    [['--fate', 'failed,in-doubt'], { fate: 'failed,inDoubt' }],
    [['--in-doubt'], { fate: 'inDoubt' }],
    [['--bounced', '--retryable'], { reached: 'bounced', retryable: 'true' }],
    [['--complained', '--sent-again'], { reached: 'complained', sentAgain: 'true' }],
  ])('%j asks for %j', async (options, query) => {
    const { queries } = list(1, [])
    expect((await onlyto(['who', 'n-1', ...options])).err).toBe('0 recipients.')
    expect(queries).toEqual([query])
  })

  test('fetches of the audience what it names, and little else', async () => {
    const { ranges } = list(10_000, [failed(5), failed(150), failed(9_999)])
    await onlyto(['who', 'n-1'])
    expect(ranges).toHaveLength(2)
  })

  test('writes a file that only its owner may read, and prints nothing', async () => {
    list(250, everybody(250), 100)
    const file = join(folder, 'who.txt')
    const { out, err } = await onlyto(['who', 'n-1', '--out', file])
    expect(out).toBe('')
    expect(err).toBe(`250 recipients in ${file}.`)
    expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toHaveLength(250)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  test('looks one address up without writing it anywhere but into the body', async () => {
    list(1, [acceptedDelivery(0, { reached: 'delivered' })])
    const { out } = await onlyto(['who', 'n-1', '--address', 'c0@customers.test'])
    expect(out).toMatch(/^Fate +accepted; delivered\nSince +2026-11-20 12:00:00.500 UTC\nAttempts +1\n/)
    expect(out).toMatch(/Timeline +2026-11-20 12:00:00.500 UTC +attempt 1 +accepted +m-0$/)
    expect((await onlyto(['who', 'n-1', '--address', 'eve@customers.test'])).out).toBe(
      'This address is not among the recipients of n-1.',
    )
    expect(api.calls.join()).not.toContain('customers.test')
  })
})

describe('export', () => {
  test('is everybody as CSV, which a CSV reader gives back as it was', async () => {
    const odd = { ...failed(1), reason: 'said "no",\nthen nothing' }
    list(3, [acceptedDelivery(0, { reached: 'delivered' }), odd, acceptedDelivery(2, { messageIds: ['m-1', 'm-2'] })])
    const file = join(folder, 'all.csv')
    expect((await onlyto(['export', 'n-1', '--out', file])).exitCode).toBe(0)
    const rows = parse(await readFile(file, 'utf8'), { columns: true })
    const time = '2026-11-20T12:00:00.500Z'
    const common = { locale: 'en', time, attempts: '1', sentAgain: '', detail: '' }
    expect(rows).toEqual([
      {
        ...common,
        address: 'c0@customers.test',
        fate: 'accepted',
        reason: '',
        reached: 'delivered',
        messageIds: 'm-0',
      },
      { ...common, address: 'c1@customers.test', fate: 'failed', reason: odd.reason, reached: '', messageIds: '' },
      { ...common, address: 'c2@customers.test', fate: 'accepted', reason: '', reached: '', messageIds: 'm-1 m-2' },
    ])
  })

  test('of nobody has the header still', async () => {
    list(1, [])
    const file = join(folder, 'nobody.csv')
    await onlyto(['export', 'n-1', '--out', file])
    expect(await readFile(file, 'utf8')).toMatch(/^address,locale,fate,.*\n$/)
  })

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('a spreadsheet runs no formula: %j', async reason => {
    list(1, [acceptedDelivery(0, { fate: 'failed', reason })])
    const { out } = await onlyto(['who', 'n-1', '--csv'])
    expect(parse(out, { columns: true })[0]).toMatchObject({ reason: `'${reason}` })
  })

  test('does not write over a file, and asks for nothing then', async () => {
    const file = join(folder, 'kept.csv')
    await writeFile(file, 'mine')
    const { exitCode, err } = await onlyto(['export', 'n-1', '--out', file])
    expect(exitCode).toBe(1)
    expect(err).toContain('is there already.')
    expect(await readFile(file, 'utf8')).toBe('mine')
    expect(api.calls).toEqual([])
  })

  test.each<[string, () => void, RegExp]>([
    ['the API refuses', () => api.behaviour.listed.refusals.deliveries.push(0, 404), /HTTP 404/],
    ['the audience is another', () => list(3, [acceptedDelivery(7)]), /not the one that was approved/],
  ])('leaves no half of a file when %s', async (_, spoil, message) => {
    list(300, everybody(300), 100)
    spoil()
    const own = await mkdtemp(join(folder, 'half-'))
    const { exitCode, err } = await onlyto(['export', 'n-1', '--out', join(own, 'all.csv')])
    expect(exitCode).toBe(1)
    expect(err).toMatch(message)
    expect(await readdir(own)).toEqual([])
  })

  test('says which file cannot be written', async () => {
    list(1, everybody(1))
    const { exitCode, err } = await onlyto(['export', 'n-1', '--out', join(folder, 'none', 'all.csv')])
    expect(exitCode).toBe(1)
    expect(err).toMatch(/all\.csv could not be written: ENOENT.*\n {2}.*--out FILE/)
  })

  test('broken off with Ctrl-C leaves nothing behind', async () => {
    list(300, everybody(300), 10)
    const own = await mkdtemp(join(folder, 'off-'))
    const terminal = scriptedTerminal()
    const exporting = onlyto(['export', 'n-1', '--out', join(own, 'all.csv')], terminal)
    terminal.interrupt()
    expect(await exporting).toMatchObject({ exitCode: 130, err: expect.stringContaining('was not written') })
    expect(await readdir(own)).toEqual([])
  })
})

describe('a list that takes long', () => {
  test('goes on when the API or the bucket fails for a moment', async () => {
    const { refusals } = list(300, everybody(300), 100)
    refusals.deliveries.push(503, 429, 500)
    refusals.recipients.push(500, 503)
    expect((await onlyto(['who', 'n-1'])).err).toBe('300 recipients.')
  })

  test('gets a new link when its own has run out', async () => {
    const listed = list(300, everybody(300), 100)
    listed.refusals.recipients.push(403)
    expect((await onlyto(['who', 'n-1'])).err).toBe('300 recipients.')
    expect(listed.links).toBe(2)
  })

  test('gives up on a failure that stays', async () => {
    list(1, everybody(1)).refusals.deliveries.push(...Array.from({ length: 9 }, () => 503))
    const { exitCode, err } = await onlyto(['who', 'n-1'])
    expect(exitCode).toBe(1)
    expect(err).toContain('HTTP 503')
  })

  test('ends quietly when nobody reads on', async () => {
    list(30_000, everybody(30_000), 2_000)
    const args = ['cli/onlyto.ts', 'who', 'n-1', '--api', api.url]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const said: string[] = []
    child.stderr.on('data', chunk => said.push(String(chunk)))
    child.stdout.once('data', () => child.stdout.destroy())
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(said.join('')).toBe('')
  })

  test.runIf(existsSync('/dev/full'))('says that the output cannot be written', async () => {
    list(1, everybody(1))
    const stdout = openSync('/dev/full', 'w')
    const args = ['cli/onlyto.ts', 'who', 'n-1', '--api', api.url]
    const child = spawn(process.execPath, args, { stdio: ['ignore', stdout, 'pipe'] })
    closeSync(stdout)
    const said: string[] = []
    child.stderr?.on('data', chunk => said.push(String(chunk)))
    expect(await once(child, 'close')).toEqual([1, null])
    expect(said.join('')).toMatch(/^The output could not be written: ENOSPC[^\n]*\n$/)
  })
})
