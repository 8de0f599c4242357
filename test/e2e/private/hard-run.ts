import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import { systemClock } from '../../../functions/runtime/clock.ts'
import { SqsCalls } from '../../../local/services/sqs-calls.ts'
import { type Customer, customer, nameOf, uploadOf } from './customers.ts'
import { giveFaults, setSes, untilSes } from './hard-ses.ts'
import { misplacedRequests, sendMisplaced } from './misplaced-requests.ts'
import type { PrivateStack } from './private-stack.ts'
import { isEventQueue } from './record-services.ts'

export const RECIPIENTS = 300
const LEAKING_RECIPIENTS = 40
/** So that on a slow computer too the notice is still being sent when something is done to it. */
const SLOWLY = ['--share', '0.4']
const REFUSED_BY_SES = 8
/** The suppressed, those whom SES rejects for their content, and who may be left in doubt. */
export const FAILED_AT_MOST = 20

export interface HardRun {
  readonly leakingStatus: string
  readonly report: string
  readonly history: string
  readonly exportFile: string
  readonly lookedUp: string
  /** What the API answered to requests with an address where none belongs. */
  readonly statuses: ReadonlySet<number>
  readonly sendersKilled: number
  /** Whose rows were taken. */
  readonly recipients: readonly Customer[]
  /** What else their rows say of them. */
  readonly values: readonly string[]
  /** Everybody whose address came near the stack. */
  readonly customers: readonly Customer[]
}

/** Everything that can go wrong with addresses at hand, in one run of the local stack. */
export async function runHard(world: PrivateStack): Promise<HardRun> {
  const { operator, url } = world
  const everybody = uploadOf(0, RECIPIENTS)
  const leaking = uploadOf(1_000, LEAKING_RECIPIENTS, number =>
    number === 1_023 ? customer(1_003).address : nameOf(number),
  )
  const alone = customer(3_500)
  const refusing = wholeFilesRefused.map(file => sendFrom(world, file))

  await setSes(world, { suppressed: everybody.recipients.slice(100, 106).map(({ address }) => address) })
  const leakingNoticeId = await sendFrom(world, leaking.text)
  await untilState(world, leakingNoticeId, 'stopped')
  await operator.run('resume', leakingNoticeId)
  await giveFaults(world)
  const noticeId = await sendFrom(world, everybody.text, TEXT, SLOWLY)
  const sendersKilled = await breakTheRest(world, noticeId)
  await Promise.all([...refusing, sendFrom(world, `email,locale\n${alone.address},en\n`, 'Hello.\n')])

  const statuses = new Set<number>()
  for (const [id, number] of [[noticeId, 3] as const, [leakingNoticeId, 14] as const]) {
    for (const request of misplacedRequests(id, customer(number))) statuses.add(await sendMisplaced(url, request))
  }

  await untilState(world, noticeId, 'finished')
  await operator.run('retry', noticeId)
  await untilState(world, noticeId, 'finished')
  const shown = (...commands: readonly string[]) => commands.map(command => operator.run(command, noticeId))
  await Promise.all([...shown('status', 'report', 'history', 'watch'), operator.run('notices')])
  const stranger = customer(3_000)
  const lookedUp = [customer(7), stranger].map(({ address }) =>
    operator.runForNames('who', noticeId, '--address', address),
  )
  const exportFile = path.join(world.stateDirectory, 'ses', 'export.csv')
  await operator.runForNames('export', noticeId, '--out', exportFile)
  const uploads = [everybody, leaking]
  const recipients = [alone, ...uploads.flatMap(upload => upload.recipients)]
  return {
    values: uploads.flatMap(upload => upload.values),
    ...{ exportFile, statuses, sendersKilled, recipients },
    leakingStatus: await operator.run('status', leakingNoticeId),
    report: await operator.run('report', noticeId, '--json'),
    history: await operator.run('history', leakingNoticeId),
    lookedUp: (await Promise.all(lookedUp)).join('\n'),
    customers: [stranger, ...misplacedInFiles, ...recipients, ...uploads.flatMap(({ refused }) => refused)],
  }
}

const misplacedInFiles = [4_000, 4_001, 4_002, 4_003].map(customer)
const [one = '', two = '', three = '', four = ''] = misplacedInFiles.map(({ address }) => address)

/** Files of which no row is taken, each with an address in the wrong place. */
const wholeFilesRefused: readonly string[] = [
  `${one},en,Ana,AC-1\n${two},en,Ana,AC-2\n`,
  `email,locale,${one}\n${two},en,Ana\n`,
  `mail;locale;"${three}"\n${two};en;Ana\n`,
  JSON.stringify([{ email: one }, { email: two }]),
  `{"email": "${four.replace('@', ' at ')}"}\n{"email": "${two}", "${one}": "x"}\n`,
  `email,locale\n${one},en,too,many\n${four.replace('@', '.')},en\n`,
  `\ufeffemail,locale\n${one},"en\n`,
]

/** Prepares and starts a notice as an operator does. Gives its id; of a refused file the command says what is wrong. */
async function sendFrom(
  { stateDirectory, operator }: PrivateStack,
  audience: string,
  text = TEXT,
  pace: readonly string[] = [],
): Promise<string> {
  const folder = freeFolder(path.join(stateDirectory, 'ses'))
  writeFileSync(path.join(folder, 'notice.yaml'), 'name: A hard day\nfrom:\n  name: Northgate\ndefaultLocale: en\n')
  writeFileSync(path.join(folder, 'en.md'), `---\nsubject: A hard day\n---\n\n${text}`)
  const file = path.join(folder, 'customers.csv')
  writeFileSync(file, audience)
  return (await operator.run('send', folder, '--audience', file, '--yes', '--no-watch', ...pace)).trim()
}

const TEXT = 'Dear {{first_name}}, all is well with account {{account}}.\n'

function freeFolder(within: string): string {
  for (let number = 1; ; number += 1) {
    const folder = path.join(within, `operator-${number}`)
    if (existsSync(folder)) continue
    mkdirSync(folder, { recursive: true })
    return folder
  }
}

/** While messages go out: SES refuses, naming whom; somebody stops and resumes; senders die; tables cannot be used. */
async function breakTheRest(world: PrivateStack, noticeId: string): Promise<number> {
  const { operator, services, stack } = world
  await untilSes(world, 'accepted', 40)
  await setSes(world, { sandbox: true })
  await untilSes(world, 'refused', REFUSED_BY_SES)
  await operator.run('stop', noticeId)
  await setSes(world, { sandbox: false })
  await operator.run('status', noticeId)
  await operator.run('resume', noticeId)
  await untilSes(world, 'accepted', 20)
  const killed = killSenders(world)
  services.tables.refuse(500)
  await systemClock.sleep(700)
  services.tables.refuse(undefined)
  const events = Object.entries(stack.queueUrls).find(([name]) => isEventQueue(name))?.[1] ?? ''
  const calls = new SqsCalls(services.queues.url, 'eu-west-1')
  await calls.send(events, [`not an event, of ${one}`, JSON.stringify({ eventType: one, mail: { [two]: 1 } })])
  calls.close()
  return killed
}

function killSenders({ stack }: PrivateStack): number {
  const processIds = stack.functionReports().find(({ room }) => room === 'sender')?.processIds ?? []
  for (const pid of processIds) process.kill(pid, 'SIGKILL')
  return processIds.length
}

const LONGEST_WAIT_MS = 150_000
const stateSchema = z.looseObject({ state: z.string() })

async function untilState({ url }: PrivateStack, noticeId: string, wanted: string): Promise<void> {
  for (const untilMs = systemClock.now() + LONGEST_WAIT_MS; ; ) {
    const { state } = stateSchema.parse(await (await fetch(`${url}/notices/${noticeId}/status`)).json())
    if (state === wanted) return
    if (systemClock.now() > untilMs) throw new Error(`Notice ${noticeId} is ${state} and not yet ${wanted}.`)
    await systemClock.sleep(200)
  }
}
